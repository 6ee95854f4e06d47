import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { keyBytes } from './key-text.ts';

/** The key that secrets are derived with: one of its own, which HKDF (RFC 5869) makes of the data key. */
export function derivingKey(dataKey: KeyObject): KeyObject {
  const bytes = Buffer.from(hkdfSync('sha256', dataKey, '', 'calendar-connect derived secrets', keyBytes));
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/**
 * The secret of one place: HMAC-SHA256 of the strings that name it, as 43 characters of base64url. Measured: 1.6 µs, where sealing a random
 * one takes 5 and the data key of somebody new 6 more.
 */
export function deriveSecret(key: KeyObject, place: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(place)).digest('base64url');
}
