import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bitString, der, integer, objectId, sequence, utcTime, utf8 } from './der.ts';

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const TRUE = der(0x01, Buffer.from([0xff]));
const DAY_MS = 86_400_000;

/** A certificate and its key, in PEM, and the certificate's own bytes. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
  readonly der: Buffer;
}

/** What a server's certificate says. */
export interface ServerCertificate {
  readonly names: readonly string[];
  /** Milliseconds since 1970. */
  readonly fromMs?: number;
  readonly untilMs?: number;
}

/** Issues certificates. */
export interface CertificateAuthority {
  /** Its own certificate, in PEM: what a client trusts. */
  readonly cert: string;
  readonly issue: (certificate: ServerCertificate) => Identity;
}

/** Makes an authority, trusted by nobody until a test says so. */
export function createCertificateAuthority(name: string): CertificateAuthority {
  const { publicKey, privateKey } = generateKeys();
  const extensions = [
    extension(BASIC_CONSTRAINTS, sequence(TRUE)),
    // keyCertSign and cRLSign
    extension(KEY_USAGE, der(0x03, Buffer.from([1, 0x06]))),
  ];
  const own = signed({ subject: name, issuer: name, publicKey, extensions, ...validityOf({}) }, privateKey);
  return {
    cert: toPem('CERTIFICATE', own),
    issue: (certificate) => issueCertificate(certificate, { name, privateKey }),
  };
}

/** Makes a certificate that nobody but itself vouches for. */
export function selfSigned(certificate: ServerCertificate): Identity {
  return issueCertificate(certificate);
}

function issueCertificate(certificate: ServerCertificate, issuer?: { readonly name: string; readonly privateKey: KeyObject }): Identity {
  const { publicKey, privateKey } = generateKeys();
  const [subject = ''] = certificate.names;
  const names = certificate.names.map((name) => der(0x82, Buffer.from(name)));
  const written = signed(
    {
      subject,
      issuer: issuer?.name ?? subject,
      publicKey,
      extensions: [extension(BASIC_CONSTRAINTS, sequence()), extension(SUBJECT_ALT_NAME, sequence(...names))],
      ...validityOf(certificate),
    },
    issuer?.privateKey ?? privateKey,
  );
  return {
    cert: toPem('CERTIFICATE', written),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    der: written,
  };
}

interface Unsigned {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Writes a certificate. [RFC 5280 §4.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.1) */
function signed({ subject, issuer, publicKey, extensions, fromMs, untilMs }: Unsigned, key: KeyObject): Buffer {
  const version3 = der(0xa0, integer(Buffer.from([2])));
  const content = sequence(
    version3,
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    nameOf(issuer),
    sequence(utcTime(fromMs), utcTime(untilMs)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  return sequence(content, ECDSA_WITH_SHA256, bitString(sign('sha256', content, key)));
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId(COMMON_NAME), utf8(commonName))));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(objectId(id), ...(id === BASIC_CONSTRAINTS ? [TRUE] : []), der(0x04, value));
}

function validityOf({ fromMs, untilMs }: Pick<ServerCertificate, 'fromMs' | 'untilMs'>): { fromMs: number; untilMs: number } {
  return { fromMs: fromMs ?? Date.now() - 2 * DAY_MS, untilMs: untilMs ?? Date.now() + 30 * DAY_MS };
}

function generateKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function toPem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
