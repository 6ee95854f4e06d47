import { createHash, generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';

/** The key that signs ID tokens, and a foreign one for tokens that must not verify. */
export interface SigningKeys {
  readonly publicJwk: () => JsonWebKey & { kid: string };
  /** The same key by its id, as PEM. */
  readonly publicPem: () => Record<string, string>;
  readonly signJwt: (claims: object, options?: { readonly withForeignKey?: boolean }) => string;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Creates the keys when they are first needed, since making one takes a tenth of a second. */
export function createSigningKeys(): SigningKeys {
  const own = once(generateKey);
  const foreign = once(generateKey);
  return {
    publicJwk: () => ({ ...own().publicKey.export({ format: 'jwk' }), kid: own().kid, alg: 'RS256', use: 'sig' }),
    publicPem: () => ({ [own().kid]: own().publicKey.export({ format: 'pem', type: 'spki' }).toString() }),
    signJwt: (claims, options = {}) => {
      const head = { alg: 'RS256', kid: own().kid, typ: 'JWT' };
      const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
      const { privateKey } = options.withForeignKey === true ? foreign() : own();
      return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
    },
  };
}

function generateKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = createHash('sha1')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex');
  return { kid, privateKey, publicKey };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
