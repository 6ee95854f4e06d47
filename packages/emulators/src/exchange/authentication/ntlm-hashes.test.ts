import { describe, expect, test } from 'vitest';
import { channelBindingOfHash } from './channel-binding.ts';
import { hmacMd5, md4, ntowfv2, rc4, utf16 } from './ntlm-hashes.ts';
import { findNtlmFault } from './verify-ntlm.ts';
import { readAuthenticate } from './ntlm-messages.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

describe('the hashes of NTLM', () => {
  /** @see [RFC 1320 A.5](https://www.rfc-editor.org/rfc/rfc1320#appendix-A.5) */
  test.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['12345678901234567890123456789012345678901234567890123456789012345678901234567890', 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ])('MD4 of "%s"', (text, digest) => {
    expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
  });

  /** @see [RFC 6229 §2](https://www.rfc-editor.org/rfc/rfc6229#section-2) */
  test('RC4 with the key of forty bits', () => {
    expect(rc4(hex('0102030405'), Buffer.alloc(16)).toString('hex')).toBe('b2396305f03dc027ccc3524a0a1118a8');
  });

  /** @see [MS-NLMP 4.2.4](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/7795bd0e-fd5e-43ec-bd9c-994704d8ee26) */
  test('the key, the proof and the session key of the specification', () => {
    const key = ntowfv2('Password', { user: 'User', domain: 'Domain' });
    expect(key.toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
    const info = hex('02000c0044006f006d00610069006e0001000c005300650072007600650072000000 0000');
    const temp = Buffer.concat([hex('0101000000000000'), Buffer.alloc(8), hex('aaaaaaaaaaaaaaaa'), Buffer.alloc(4), info, Buffer.alloc(4)]);
    const proof = hmacMd5(key, hex('0123456789abcdef'), temp);
    expect(proof.toString('hex')).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    expect(hmacMd5(key, proof).toString('hex')).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
    expect(rc4(hmacMd5(key, proof), Buffer.alloc(16, 0x55)).toString('hex')).toBe('c5dad2544fc9799094ce1ce90bc9d03e');
  });

  test('the channel binding of a known certificate', () => {
    const certificateHash = hex('E3CA49271E5089CC48CE82109F1324F41DBEDDC29A777410C738F7868C4FF405');
    expect(channelBindingOfHash(certificateHash).toString('hex')).toBe('6ea19df066da4622051f9c4f92c6df74');
  });
});

/** @see [MS-NLMP 4.2.4.3](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/a3dbd5eb-3d3d-4ae3-8cf7-b0a3ae6dc8d8) */
describe('the third message of the specification', () => {
  const message = hex(
    `4e544c4d53535000 03000000 18001800 6c000000 54005400 84000000 0c000c00 48000000 08000800 54000000 1000 1000 5c000000
     10001000 d8000000 358288e2 0501280a0000000f 44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200
     86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa 68cd0ab851e51c96aabc927bebef6a1c
     0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000 02000c0044006f006d00610069006e0001000c00530065007200760065007200
     00000000 00000000 c5dad2544fc9799094ce1ce90bc9d03e`,
  );
  const expectation = {
    handshake: { negotiate: Buffer.alloc(0), challenge: Buffer.alloc(0), serverChallenge: hex('0123456789abcdef') },
    protection: 'allow',
    channelBinding: undefined,
  } as const;

  test('is read, and proves the password', () => {
    const read = readAuthenticate(message);
    expect(read).toMatchObject({ user: 'User', domain: 'Domain', workstation: 'COMPUTER' });
    if (read === undefined) throw new Error('expected a message');
    expect(findNtlmFault(read, { ...expectation, password: 'Password' })).toBeUndefined();
    expect(findNtlmFault(read, { ...expectation, password: 'password' })).toBe('wrong_password');
    expect(findNtlmFault(read, { ...expectation, password: 'Password', protection: 'require' })).toBe('channel_binding_missing');
  });

  test('is no message when it is cut off', () => {
    expect(readAuthenticate(message.subarray(0, 40))).toBeUndefined();
    expect(utf16('Ü').toString('hex')).toBe('dc00');
  });
});
