import type { KeyObject } from 'node:crypto';
import { parseKeyText } from './key-text.ts';
import { VaultError } from './vault-error.ts';

/** A key that wraps data keys. The bytes stay inside the `KeyObject`, which neither prints nor serialises them. */
export interface KeyringKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** The operator's keys: the active one wraps, the others only unwrap what was wrapped before a rotation. */
export interface Keyring {
  readonly active: KeyringKey;
  /** @throws VaultError `key_unknown`, naming the key that is needed and those that are there. */
  find(id: string): KeyringKey;
}

/** Shorter than any key that might be put in its place by mistake, so an id may stand in an error. */
const keyIdPattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,19}$/;

/**
 * Reads keys written as `id:key,id:key`: the first becomes the active one. A key is 32 bytes in base64url, base64 or hex; an id is up to
 * 20 letters, digits, `_`, `.` and `-`. Space around entries is ignored.
 *
 * @param source What the errors call the text.
 * @throws VaultError with the exact reason; it never holds a key.
 */
export function parseKeys(text: string | undefined, source = 'CALENDAR_CONNECT_KEYS'): readonly KeyringKey[] {
  if (text === undefined || text.trim() === '') {
    throw new VaultError('keys_missing', `${source} is empty; expected "id:key" with a key of 32 bytes in base64url.`);
  }
  const keys = text.split(',').map((entry, index) => parseEntry(entry.trim(), `${source}: entry ${index + 1}`));
  checkDifferent(keys, source);
  return keys;
}

/** Makes the keyring of {@link parseKeys}' answer. */
export function createKeyring(keys: readonly KeyringKey[]): Keyring {
  const [active] = keys;
  if (active === undefined) throw new VaultError('keys_missing', 'The keyring has no key.');
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    active,
    find(id) {
      const key = byId.get(id);
      if (key !== undefined) return key;
      const held = keys.map((other) => `"${other.id}"`).join(', ');
      throw new VaultError('key_unknown', `Key "${id}" is needed to open this, and the keyring holds only ${held}.`);
    },
  };
}

function parseEntry(entry: string, name: string): KeyringKey {
  const colon = entry.indexOf(':');
  if (colon < 0) throw new VaultError('keys_malformed', `${name} has no ":"; expected "id:key".`);
  const id = entry.slice(0, colon);
  if (!keyIdPattern.test(id)) {
    throw new VaultError('keys_malformed', `${name} has a malformed id; expected 1 to 20 letters, digits, "_", "." or "-" before the ":".`);
  }
  return { id, key: parseKeyText(entry.slice(colon + 1).trim(), `${name}, key "${id}",`) };
}

function checkDifferent(keys: readonly KeyringKey[], source: string): void {
  for (const [index, key] of keys.entries()) {
    for (const other of keys.slice(0, index)) {
      if (other.id === key.id) throw new VaultError('keys_malformed', `${source} has two keys with the id "${key.id}".`);
      if (other.key.equals(key.key))
        throw new VaultError('keys_malformed', `${source} has the same key as "${other.id}" and as "${key.id}".`);
    }
  }
}
