import { createSecretKey, type KeyObject } from 'node:crypto';
import { randomBytes } from './random-pool.ts';
import { VaultError } from './vault-error.ts';

/** Length of every key of the keyring and of every data key, in bytes (AES-256). */
export const keyBytes = 32;

/** Makes a new key as `id:base64url`, the form in which {@link parseKeys} reads it. */
export function createKeyText(id: string): string {
  const bytes = randomBytes(keyBytes);
  const text = `${id}:${bytes.toString('base64url')}`;
  bytes.fill(0);
  return text;
}

/**
 * Reads a key of exactly 32 bytes from hex, base64 or base64url.
 *
 * @param name What the error calls the key; the key itself is never in it.
 * @throws VaultError `key_not_encoded`, `key_wrong_length`, `key_trivial`
 */
export function parseKeyText(text: string, name: string): KeyObject {
  const bytes = decode(text, name);
  try {
    checkKeyBytes(bytes, name);
    return createSecretKey(bytes);
  } finally {
    bytes.fill(0);
  }
}

function decode(text: string, name: string): Buffer {
  // Base64 of 32 bytes has 43 characters, or 44 with "=", so a text of hex digits and even length cannot be meant as base64.
  if (/^(?:[0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^(?:[A-Za-z0-9_-]+|[A-Za-z0-9+/]+)={0,2}$/.test(text)) {
    throw new VaultError('key_not_encoded', `${name} is neither base64url, base64 nor hex.`);
  }
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== toBase64url(text)) {
    bytes.fill(0);
    throw new VaultError('key_not_encoded', `${name} is not whole base64: characters are missing or wrong at its end.`);
  }
  return bytes;
}

function toBase64url(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function checkKeyBytes(bytes: Buffer, name: string): void {
  if (bytes.length !== keyBytes) {
    throw new VaultError('key_wrong_length', `${name} is of ${bytes.length} bytes; expected ${keyBytes}.`);
  }
  const [first] = bytes;
  if (!bytes.every((byte) => byte === first)) return;
  throw new VaultError('key_trivial', first === 0 ? `${name} is all zero.` : `${name} is one byte repeated, which is no key.`);
}
