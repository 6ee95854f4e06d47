import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { randomBytes } from './random-pool.ts';
import { VaultError } from './vault-error.ts';

const algorithm = 'aes-256-gcm';
const formatVersion = 1;
const ivBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + ivBytes;

/** The constants and ids a ciphertext is bound to. It opens only where all of them are the same, in the same order. */
export type Binding = readonly string[];

/**
 * Encrypts with AES-256-GCM under a fresh random 96-bit IV: base64url of version (1 byte), IV (12), ciphertext, tag (16).
 *
 * @see [NIST SP 800-38D §8.2.2](https://csrc.nist.gov/pubs/sp/800/38/d/final): at random IVs one key may encrypt 2³² times.
 */
export function encrypt(key: KeyObject, binding: Binding, plaintext: string | Uint8Array): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes });
  cipher.setAAD(additionalData(binding));
  const head = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
  const tail = cipher.final();
  return Buffer.concat([Buffer.of(formatVersion), iv, head, tail, cipher.getAuthTag()]).toString('base64url');
}

/**
 * Decrypts what {@link encrypt} made.
 *
 * @throws VaultError `sealed_malformed`, `sealed_refused`
 */
export function decrypt(key: KeyObject, binding: Binding, sealed: string): Buffer {
  const bytes = parseSealed(sealed);
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(1, headerBytes), { authTagLength: tagBytes });
  decipher.setAAD(additionalData(binding));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const plaintext = decipher.update(bytes.subarray(headerBytes, -tagBytes));
  try {
    // With GCM `final` adds no bytes: it compares the tag, and until then the plaintext is nobody's.
    decipher.final();
    return plaintext;
  } catch (cause) {
    plaintext.fill(0);
    throw new VaultError('sealed_refused', 'It was altered, belongs elsewhere, or was sealed with another key.', { cause });
  }
}

function parseSealed(sealed: string): Buffer {
  const bytes = Buffer.from(sealed, 'base64url');
  // Node's decoder skips what it does not know. Only the one way of writing these bytes is accepted.
  if (bytes.toString('base64url') !== sealed || bytes.length < headerBytes + tagBytes) {
    throw new VaultError('sealed_malformed', 'It was cut off, or no vault made it.');
  }
  if (bytes[0] !== formatVersion)
    throw new VaultError('sealed_malformed', `It is of format ${bytes[0]}; this version opens ${formatVersion}.`);
  return bytes;
}

/** JSON of an array of strings is unambiguous: no two bindings give the same bytes. */
function additionalData(binding: Binding): Buffer {
  return Buffer.from(JSON.stringify([formatVersion, ...binding]));
}
