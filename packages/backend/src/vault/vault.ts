import { checkCanary, makeCanary } from './canary.ts';
import { decrypt, encrypt } from './cipher.ts';
import { createDataKeys, type WrappedDataKey } from './data-keys.ts';
import { deriveSecret } from './derived-secret.ts';
import type { Keyring } from './keyring.ts';
import type { DeriveContext, SealContext } from './seal-context.ts';
import { VaultError } from './vault-error.ts';

export type { WrappedDataKey } from './data-keys.ts';
export type { DeriveContext, SealContext } from './seal-context.ts';

/** Seals what must not be readable in a stolen database. All of it is synchronous. */
export interface Vault {
  /** The keyring key that new data keys are wrapped with. */
  readonly activeKeyId: string;

  /** Makes a data key of 256 random bits for an owner. Deleting it, where it is stored, erases all that was sealed with it. */
  createDataKey(ownerId: string): WrappedDataKey;

  /** Seals a text for one place. Half of a surrogate pair, which UTF-8 cannot hold, comes back as U+FFFD. @throws VaultError */
  seal(dataKey: WrappedDataKey, context: SealContext, plaintext: string): string;

  /**
   * Opens what was sealed for this place with this data key. A value that was rolled back to what the same place held before opens too.
   *
   * @throws VaultError `sealed_refused`, `sealed_malformed`, `key_unknown`
   */
  open(dataKey: WrappedDataKey, context: SealContext, sealed: string): string;

  /**
   * Derives the secret of a place: 256 bits as 43 characters of base64url, the same each time, and nothing but chance to whoever has not got the data
   * key. So a secret that has to be known again need not be stored. It is HMAC-SHA256 under a key that HKDF (RFC 5869) makes of the data key.
   *
   * @throws VaultError `sealed_refused`, `sealed_malformed`, `key_unknown`
   */
  deriveSecret(dataKey: WrappedDataKey, context: DeriveContext): string;

  /** Wraps a data key with the active keyring key; `undefined` where it already is. What it sealed and derived stays as it is. @throws VaultError */
  rewrap(dataKey: WrappedDataKey): WrappedDataKey | undefined;

  /**
   * Makes a known value, sealed with the active keyring key, to be stored at the first start, and again when all data keys were re-wrapped
   * (until then the former key is needed).
   */
  makeCanary(): string;

  /** Checks the stored known value. @throws VaultError `key_unknown` or `key_wrong`, naming the key that is needed. */
  checkCanary(canary: string): void;
}

/** Creates the vault of a keyring. */
export function createVault(keyring: Keyring): Vault {
  const dataKeys = createDataKeys(keyring);
  return {
    activeKeyId: keyring.active.id,
    createDataKey: (ownerId) => dataKeys.create(ownerId),
    seal: (dataKey, context, plaintext) => encrypt(dataKeys.open(dataKey).sealing, placeOf(dataKey, context), plaintext),
    open: (dataKey, context, sealed) =>
      explained(context, () => decrypt(dataKeys.open(dataKey).sealing, placeOf(dataKey, context), sealed).toString()),
    deriveSecret: (dataKey, context) => deriveSecret(dataKeys.open(dataKey).deriving(), ['derived', ...namesOf(dataKey, context)]),
    rewrap: (dataKey) => dataKeys.rewrap(dataKey),
    makeCanary: () => makeCanary(keyring),
    checkCanary: (canary) => checkCanary(keyring, canary),
  };
}

function placeOf(dataKey: WrappedDataKey, context: SealContext): readonly string[] {
  return ['sealed', ...namesOf(dataKey, context)];
}

function namesOf(dataKey: WrappedDataKey, context: SealContext | DeriveContext): readonly string[] {
  return [context.purpose, context.rowId, context.applicationId, dataKey.ownerId];
}

function explained<T>({ purpose, rowId }: SealContext, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new VaultError(error.code, `${purpose} of ${rowId} does not open. ${error.message}`, { cause: error });
  }
}
