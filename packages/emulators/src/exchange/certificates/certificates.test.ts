import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createCertificateAuthority, selfSigned } from './certificate-authority.ts';
import { der, integer, objectId, utcTime } from './der.ts';

const DAY_MS = 86_400_000;

describe('what certificates are written in', () => {
  test.each<[string, readonly number[], string]>([
    ['as short as it can be', [0, 0x05], '020105'],
    ['with a zero before a high bit', [0x80, 0x01], '0203008001'],
    ['with zeros before a high bit', [0, 0, 0xff], '020200ff'],
    ['as zero', [0, 0], '020100'],
  ])('writes a number %s', (_, bytes, written) => {
    expect(integer(Buffer.from(bytes)).toString('hex')).toBe(written);
  });

  test('writes lengths of one, two and three bytes, identifiers and times', () => {
    expect([127, 128, 256].map((length) => der(4, Buffer.alloc(length)).toString('hex').slice(0, 8))).toEqual([
      '047f0000',
      '04818000',
      '04820100',
    ]);
    expect(objectId('1.2.840.10045.4.3.2').toString('hex')).toBe('06082a8648ce3d040302');
    expect(utcTime(Date.UTC(2026, 10, 21, 8, 9, 10)).toString('latin1', 2)).toBe('261121080910Z');
  });
});

describe('an authority', () => {
  test('is believed about the names and the time that it vouches for', () => {
    const authority = createCertificateAuthority('Test');
    const own = new X509Certificate(authority.cert);
    const nowMs = Date.now();
    const { cert } = authority.issue({
      names: ['mail.corp.example', 'other.corp.example'],
      fromMs: nowMs - DAY_MS,
      untilMs: nowMs + DAY_MS,
    });
    const issued = new X509Certificate(cert);
    expect([own.ca, own.checkIssued(own), issued.ca, issued.checkIssued(own), issued.verify(own.publicKey)]).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
    expect([issued.checkHost('other.corp.example'), issued.checkHost('corp.example')]).toEqual(['other.corp.example', undefined]);
    expect(Math.abs(Date.parse(issued.validTo) - nowMs - DAY_MS)).toBeLessThan(1000);
  });

  test('is not needed by one who vouches for himself', () => {
    const issued = new X509Certificate(selfSigned({ names: ['mail.corp.example'] }).cert);
    expect([issued.checkIssued(issued), issued.verify(issued.publicKey)]).toEqual([true, true]);
  });
});
