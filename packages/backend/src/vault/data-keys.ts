import { createSecretKey, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { decrypt, encrypt } from './cipher.ts';
import { derivingKey } from './derived-secret.ts';
import { keyBytes } from './key-text.ts';
import type { Keyring } from './keyring.ts';
import { randomBytes } from './random-pool.ts';
import { VaultError } from './vault-error.ts';

/**
 * Opened data keys kept in memory, the least recently used given up first. A kept one opens 200 bytes in 6 µs instead of 15 µs. Enough for the
 * applications, whose key every exchange needs, and for those who connect just now, whose key is needed a few times within seconds. More would
 * outlive V8's young generation and have to be swept out of the old one: where every exchange opened one, 512 of them had the old generation
 * collected every two seconds, 20 ms each time, and each collection of the young one took 1.3 ms; at 64 that was 0.5 ms.
 */
const maxOpenDataKeys = 64;

/** An owner's data key as it is stored: useless without the keyring key it names. */
export interface WrappedDataKey {
  /** The account or application whose data it seals (`acc_…`, `app_…`), or `operator`. */
  readonly ownerId: string;
  /** The keyring key it is wrapped with. */
  readonly keyId: string;
  readonly wrapped: string;
}

/** An opened data key, and the one that secrets are derived with. */
export interface OpenDataKey {
  readonly sealing: KeyObject;
  readonly deriving: () => KeyObject;
}

/** Makes, opens and re-wraps data keys. */
export interface DataKeys {
  create(ownerId: string): WrappedDataKey;
  /** @throws VaultError `key_unknown`, `sealed_refused`, `sealed_malformed` */
  open(dataKey: WrappedDataKey): OpenDataKey;
  /** Wraps it with the active key; `undefined` where it already is. Needs the key it is wrapped with so far. */
  rewrap(dataKey: WrappedDataKey): WrappedDataKey | undefined;
}

/** Creates the {@link DataKeys} of a keyring. */
export function createDataKeys(keyring: Keyring): DataKeys {
  // It makes its places beforehand, so it is made when the first key is opened.
  let opened: LRUCache<string, WrappedDataKey & { readonly key: OpenDataKey }> | undefined;

  function wrap(ownerId: string, bytes: Buffer): WrappedDataKey {
    const { id: keyId, key } = keyring.active;
    try {
      return { ownerId, keyId, wrapped: encrypt(key, wrappingOf(ownerId, keyId), bytes) };
    } finally {
      bytes.fill(0);
    }
  }

  function open(dataKey: WrappedDataKey): OpenDataKey {
    opened ??= new LRUCache({ max: maxOpenDataKeys });
    const known = opened.get(dataKey.wrapped);
    // The ids are part of what was authenticated, so a key that was opened for one owner does not serve another.
    if (known !== undefined && known.ownerId === dataKey.ownerId && known.keyId === dataKey.keyId) return known.key;
    const bytes = unwrap(keyring, dataKey);
    const key = openDataKey(createSecretKey(bytes));
    bytes.fill(0);
    opened.set(dataKey.wrapped, { ...dataKey, key });
    return key;
  }

  return {
    create: (ownerId) => wrap(ownerId, randomBytes(keyBytes)),
    open,
    rewrap: (dataKey) => (dataKey.keyId === keyring.active.id ? undefined : wrap(dataKey.ownerId, unwrap(keyring, dataKey))),
  };
}

function openDataKey(sealing: KeyObject): OpenDataKey {
  let deriving: KeyObject | undefined;
  return {
    sealing,
    // Few data keys are ever derived from, so it is made when it is needed.
    deriving: () => (deriving ??= derivingKey(sealing)),
  };
}

function unwrap(keyring: Keyring, dataKey: WrappedDataKey): Buffer {
  const { key } = keyring.find(dataKey.keyId);
  try {
    return decrypt(key, wrappingOf(dataKey.ownerId, dataKey.keyId), dataKey.wrapped);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    throw new VaultError(error.code, `The data key of ${dataKey.ownerId} does not open with key "${dataKey.keyId}". ${error.message}`, {
      cause: error,
    });
  }
}

function wrappingOf(ownerId: string, keyId: string): readonly string[] {
  return ['data-key', ownerId, keyId];
}
