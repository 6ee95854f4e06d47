import { decrypt, encrypt } from './cipher.ts';
import type { Keyring } from './keyring.ts';
import { VaultError } from './vault-error.ts';

const knownValue = 'calendar-connect';

/** Seals a known value with the active key: `keyId:sealed`. */
export function makeCanary(keyring: Keyring): string {
  const { id, key } = keyring.active;
  return `${id}:${encrypt(key, ['canary', id], knownValue)}`;
}

/**
 * Opens what {@link makeCanary} made, which shows that the keyring is the database's own.
 *
 * @throws VaultError `key_unknown`, `key_wrong`, `sealed_malformed`
 */
export function checkCanary(keyring: Keyring, canary: string): void {
  const colon = canary.indexOf(':');
  if (colon < 0) throw new VaultError('sealed_malformed', 'The stored known value names no key: the database was altered.');
  const keyId = canary.slice(0, colon);
  const { key } = keyring.find(keyId);
  try {
    decrypt(key, ['canary', keyId], canary.slice(colon + 1));
  } catch (cause) {
    if (cause instanceof VaultError && cause.code === 'sealed_malformed') throw cause;
    throw new VaultError('key_wrong', `The key "${keyId}" is not the key "${keyId}" that this database was sealed with.`, { cause });
  }
}
