/** The stable reasons a {@link VaultError} gives. */
export const vaultErrorCodes = [
  /** No key was given. */
  'keys_missing',
  /** An entry is not `id:key`, its id is malformed, or an id or a key is there twice. */
  'keys_malformed',
  /** A key is not hex, base64 or base64url. */
  'key_not_encoded',
  /** A key is not of 32 bytes. */
  'key_wrong_length',
  /** A key's bytes are all zero, or all the same. */
  'key_trivial',
  /** What is to be opened needs a key that the keyring does not hold. */
  'key_unknown',
  /** The keyring holds a key of the name that is needed, and it is another one. */
  'key_wrong',
  /** The key file can be read by others than its owner. */
  'key_file_exposed',
  /** The key file cannot be read, or not created. */
  'key_file_unusable',
  /** What is to be opened was not made by a vault, or by a newer one. */
  'sealed_malformed',
  /** What is to be opened was altered, belongs elsewhere, or was sealed with another key. */
  'sealed_refused',
] as const;

/** One of {@link vaultErrorCodes}. */
export type VaultErrorCode = (typeof vaultErrorCodes)[number];

/** Thrown by everything in this folder. Its message never holds a key, a plaintext or a ciphertext. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
