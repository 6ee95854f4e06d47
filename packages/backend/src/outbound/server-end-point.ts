import { createHash, type X509Certificate } from 'node:crypto';

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;

/**
 * Hashes by the signature algorithm (contents of its OBJECT IDENTIFIER). MD5 and SHA-1 count as SHA-256; of algorithms that are not listed,
 * such as Ed25519 and PSS with its parameters, the RFC or this file does not know one.
 */
const HASH_BY_ALGORITHM: Readonly<Record<string, string>> = {
  // 1.2.840.113549.1.1: md5, sha1, sha256, sha384, sha512, sha224 with RSA
  '2a864886f70d010104': 'sha256',
  '2a864886f70d010105': 'sha256',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a864886f70d01010e': 'sha224',
  // 1.2.840.10045.4: sha1, sha224, sha256, sha384, sha512 with ECDSA
  '2a8648ce3d0401': 'sha256',
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
};

/**
 * The hash of a server's certificate that binds a login to the TLS connection it is made on; `undefined` where the certificate's signature
 * has no single hash. Node 22.13 does not name the algorithm, so it is read from the certificate.
 *
 * @see [RFC 5929 §4.1](https://www.rfc-editor.org/rfc/rfc5929#section-4.1) `tls-server-end-point`
 */
export function serverEndPointOf(certificate: X509Certificate): Uint8Array | undefined {
  const name = HASH_BY_ALGORITHM[signatureAlgorithmOf(certificate.raw) ?? ''];
  return name === undefined ? undefined : createHash(name).update(certificate.raw).digest();
}

/** `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { algorithm OBJECT IDENTIFIER, … }, … }` [RFC 5280 §4.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.1) */
function signatureAlgorithmOf(der: Uint8Array): string | undefined {
  const certificate = valueAt(der, 0, SEQUENCE);
  const signed = certificate && valueAt(der, certificate.start, SEQUENCE);
  const algorithm = signed && valueAt(der, signed.end, SEQUENCE);
  const identifier = algorithm && valueAt(der, algorithm.start, OBJECT_IDENTIFIER);
  return identifier && Buffer.from(der.subarray(identifier.start, identifier.end)).toString('hex');
}

function valueAt(der: Uint8Array, offset: number, tag: number): { readonly start: number; readonly end: number } | undefined {
  const first = der[offset + 1];
  if (der[offset] !== tag || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  if (lengthBytes > 4) return undefined;
  let length = lengthBytes === 0 ? first : 0;
  for (let at = 0; at < lengthBytes; at += 1) length = length * 256 + (der[offset + 2 + at] ?? 0);
  const start = offset + 2 + lengthBytes;
  return start + length > der.length ? undefined : { start, end: start + length };
}
