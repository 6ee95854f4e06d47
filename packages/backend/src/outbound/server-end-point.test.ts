import { createHash, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { serverEndPointOf } from './server-end-point.ts';

/** Ed25519, which has no hash of its own: made once with OpenSSL. */
const ED25519 = `-----BEGIN CERTIFICATE-----
MIIBQjCB9aADAgECAhR0aeMr2RjKWPD6bzK5oHUnaRqJOjAFBgMrZXAwFzEVMBMG
A1UEAwwMbWFpbC5leGFtcGxlMB4XDTI2MTEyMTE4NTAzNloXDTM2MTExODE4NTAz
NlowFzEVMBMGA1UEAwwMbWFpbC5leGFtcGxlMCowBQYDK2VwAyEAjZZFhxtQ1AXG
2cM1c/tDvwI4eb0S8SINKyhfRwySGwOjUzBRMB0GA1UdDgQWBBQFNkb9vChHkbj8
fw1Icz0BHT2blzAfBgNVHSMEGDAWgBQFNkb9vChHkbj8fw1Icz0BHT2blzAPBgNV
HRMBAf8EBTADAQH/MAUGAytlcANBAIINdANPMvWTpSJaa+se/n81WDi6ynx6wDfF
h8AAEDhlKXYDUpOGTTf/pPlF9NnkmF4gKbCJwwpIxQI28OwWfw0=
-----END CERTIFICATE-----`;

describe('tls-server-end-point (RFC 5929 §4.1)', () => {
  it.each([
    ['rsa', 'sha1', 'sha256'],
    ['rsa', 'sha256', 'sha256'],
    ['rsa', 'sha384', 'sha384'],
    ['rsa', 'sha512', 'sha512'],
    ['ec', 'sha256', 'sha256'],
    ['ec', 'sha384', 'sha384'],
    ['ec', 'sha512', 'sha512'],
  ] as const)('of a certificate signed with %s and %s is its %s', async (keyType, algorithm, hash) => {
    const { cert } = await generate([{ name: 'commonName', value: 'mail.example' }], { keyType, algorithm });
    const certificate = new X509Certificate(cert);
    expect(Buffer.from(serverEndPointOf(certificate) ?? [])).toEqual(createHash(hash).update(certificate.raw).digest());
  });

  it('is none where the signature has no hash', () => {
    expect(serverEndPointOf(new X509Certificate(ED25519))).toBeUndefined();
  });

  it('is none of bytes that are no certificate', () => {
    for (const raw of [[], [0x30], [0x30, 0x84, 0xff, 0xff, 0xff, 0xff], [0x30, 0x03, 0x30, 0x05, 0x00], [0x30, 0x89]]) {
      expect(serverEndPointOf({ raw: Buffer.from(raw) } as X509Certificate)).toBeUndefined();
    }
  });
});
