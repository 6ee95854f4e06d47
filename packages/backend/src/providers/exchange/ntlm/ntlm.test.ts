import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeAvPairs } from './av-pairs.ts';
import { channelBindingHash } from './channel-binding.ts';
import { md4 } from './md4.ts';
import { type AuthenticateParts, authenticateMessage, negotiateMessage, readChallenge } from './messages.ts';
import { hmacMd5, ntowfV2, respond } from './responses.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

/** [MS-NLMP §4.2.1](https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/7b6ecbf4-f1e8-4ed5-aaf2-d2f2d5f9b9ca) */
const login = { user: 'User', domain: 'Domain', password: 'Password' };
/** §4.2.4.3 */
const CHALLENGE = hex(`
  4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000 2400240044000000 060070170000000f
  530065007200760065007200 02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000`);
const TARGET_INFO = CHALLENGE.subarray(68);

describe('MD4 (RFC 1320 appendix A.5)', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['12345678901234567890123456789012345678901234567890123456789012345678901234567890', 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ])('of %j', (message, digest) => {
    expect(md4(Buffer.from(message)).toString('hex')).toBe(digest);
  });

  it.each([55, 56, 63, 64, 119, 120])('pads %i bytes so that no two lengths are the same', (length) => {
    expect(md4(Buffer.alloc(length))).not.toEqual(md4(Buffer.alloc(length + 1)));
    expect(md4(Buffer.alloc(length))).toHaveLength(16);
  });
});

describe('NTLMv2 (MS-NLMP §4.2.4)', () => {
  const parts = {
    key: ntowfV2(login),
    serverChallenge: hex('0123456789abcdef'),
    clientChallenge: hex('aaaaaaaaaaaaaaaa'),
    time: 0n,
    targetInfo: TARGET_INFO,
  };

  it('hashes the password as §4.2.2.1.2 and makes NTOWFv2 of it as §4.2.4.1.1', () => {
    expect(md4(Buffer.from('Password', 'utf16le')).toString('hex')).toBe('a4f49c406510bdcab6824ee7c30fd852');
    expect(ntowfV2(login).toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
  });

  it('makes NTProofStr, temp and the session base key as §4.2.4.1.2, §4.2.4.1.3 and §4.2.4.2.2', () => {
    const { ntResponse, sessionBaseKey } = respond(parts);
    expect(ntResponse.subarray(0, 16).toString('hex')).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    expect(ntResponse.subarray(16).toString('hex')).toBe(
      '01010000000000000000000000000000aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e0001000c005300650072007600650072000000000000000000',
    );
    expect(sessionBaseKey.toString('hex')).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
  });

  it('takes the user name without its case, and the domain as it is', () => {
    expect(ntowfV2({ ...login, user: 'uSER' })).toEqual(ntowfV2(login));
    expect(ntowfV2({ ...login, domain: 'DOMAIN' })).not.toEqual(ntowfV2(login));
  });

  it('writes capitals as Windows does, letter by letter: a ß stays one', () => {
    const plain = (user: string) => hmacMd5(md4(Buffer.from('Password', 'utf16le')), Buffer.from(user, 'utf16le'));
    expect(ntowfV2({ user: 'großé', domain: '', password: 'Password' })).toEqual(plain('GROßÉ'));
  });

  it('reads the challenge of §4.2.4.3', () => {
    const { flags, serverChallenge, pairs } = readChallenge(CHALLENGE.toString('base64'));
    expect([flags, serverChallenge.toString('hex')]).toEqual([0xe28a8233, '0123456789abcdef']);
    expect(pairs.map(({ id, value }) => [id, Buffer.from(value).toString('utf16le')])).toEqual([
      [2, 'Domain'],
      [1, 'Server'],
    ]);
    expect(writeAvPairs(pairs)).toEqual(TARGET_INFO);
  });
});

/** What Chromium, which logs in at real Windows servers, makes of the same challenge (its `net/ntlm/ntlm_test_data.h`). */
describe('the messages, byte for byte as Chromium sends them', () => {
  const CERTIFICATE_HASH = hex('ea05fefecc6b0bd571dbbc5baa3ed45386d0446835f7b74c85621b9983475f95');
  /** 2017-10-02, as the test of Chromium has it. */
  const NOW_MS = Number((0x01d2d400fdc80b80n - 116_444_736_000_000_000n) / 10_000n);
  const parts: AuthenticateParts = {
    login,
    negotiate: negotiateMessage(),
    channelBindings: channelBindingHash(CERTIFICATE_HASH),
    targetName: 'HTTP/Server',
    clientChallenge: hex('aaaaaaaaaaaaaaaa'),
    nowMs: NOW_MS,
    workstation: 'COMPUTER',
  };

  it('negotiate', () => {
    expect(negotiateMessage().toString('hex')).toBe('4e544c4d53535000010000000782080000000000200000000000000020000000');
  });

  it('channel bindings of a certificate (MS-NLMP §3.1.1.2)', () => {
    expect(channelBindingHash(CERTIFICATE_HASH).toString('hex')).toBe('6586e99d81c2fc984e47172fd4dd0310');
    expect(channelBindingHash(undefined)).toEqual(Buffer.alloc(16));
  });

  it('authenticate, with MIC, channel bindings and target name', () => {
    expect(authenticateMessage(readChallenge(CHALLENGE.toString('base64')), parts).toString('hex')).toBe(
      '4e544c4d535350000300000018001800580000008a008a00700000000c000c00fa0000000800080006010000100010000e010000000000' +
        '0058000000038208000000000000000000f7361633f0ad9bdf4a7c421bc6b824a300000000000000000000000000000000000000000000' +
        '00008c0260dbef690662af9c42d50782d2ed0101000000000000800bc8fd00d4d201aaaaaaaaaaaaaaaa0000000002000c0044006f006d' +
        '00610069006e0001000c0053006500720076006500720006000400020000000a0010006586e99d81c2fc984e47172fd4dd031009001600' +
        '48005400540050002f00530065007200760065007200000000000000000044006f006d00610069006e00550073006500720043004f004d' +
        '0050005500540045005200',
    );
  });

  it('has no LM answer, no answer of NTLMv1, and not the name of this computer', () => {
    const message = authenticateMessage(readChallenge(CHALLENGE.toString('base64')), { ...parts, workstation: '' });
    expect(message.subarray(88, 112)).toEqual(Buffer.alloc(24));
    // An NTLMv1 answer is 24 bytes.
    expect(message.readUInt16LE(20)).toBeGreaterThan(24);
    expect(message.readUInt16LE(44)).toBe(0);
  });

  it("goes by the server's clock where it shows one, and replaces what the server says in our places", () => {
    const pairs = writeAvPairs([
      { id: 7, value: hex('0102030405060708') },
      { id: 6, value: hex('01000000') },
      { id: 9, value: Buffer.from('HTTP/elsewhere', 'utf16le') },
      { id: 10, value: createHash('md5').digest() },
    ]);
    const response = authenticateMessage(readChallenge(withPairs(pairs).toString('base64')), parts)
      .subarray(112)
      .toString('hex');
    expect(response.slice(32 + 16, 32 + 32)).toBe('0102030405060708');
    expect(response.match(/0a001000/g)).toHaveLength(1);
    expect(response).toContain('06000400030000000a0010006586e99d81c2fc984e47172fd4dd03100900160048005400');
    expect(response).not.toContain(Buffer.from('elsewhere', 'utf16le').toString('hex'));
  });
});

function withPairs(pairs: Buffer, flags = 0xe28a8233): Buffer {
  const head = Buffer.from(CHALLENGE.subarray(0, 56));
  head.writeUInt16LE(0, 12);
  head.writeUInt32LE(flags, 20);
  head.writeUInt16LE(pairs.length, 40);
  head.writeUInt16LE(pairs.length, 42);
  head.writeUInt32LE(56, 44);
  return Buffer.concat([head, pairs]);
}

function changed(change: (message: Buffer) => void): Buffer {
  const message = Buffer.from(CHALLENGE);
  change(message);
  return message;
}

describe('a hostile challenge', () => {
  const manyPairs = writeAvPairs(Array.from({ length: 33 }, (_, index) => ({ id: 100 + index, value: Buffer.alloc(1) })));
  const pair = (id: number, length: number) => hex(Buffer.from([id, 0, length, 0]).toString('hex'));

  it.each<[string, string, Buffer | string]>([
    ['nothing', 'not_base64', ''],
    ['text', 'not_base64', '<html>'],
    ['base64 of something else', 'wrong_signature', Buffer.from('hello, who are you?')],
    ['the signature in small letters', 'wrong_signature', changed((message) => message.write('ntlmssp\0'))],
    ['the signature alone', 'truncated', CHALLENGE.subarray(0, 8)],
    ['a head that is cut off', 'truncated', CHALLENGE.subarray(0, 47)],
    ['our own first message', 'wrong_type', negotiateMessage()],
    ['a third message', 'wrong_type', changed((message) => message.writeUInt32LE(3, 8))],
    ['a payload that is cut off', 'field_outside', CHALLENGE.subarray(0, 80)],
    ['an offset behind the end', 'field_outside', changed((message) => message.writeUInt32LE(0xfffffff0, 44))],
    ['a name behind the end', 'field_outside', changed((message) => message.writeUInt16LE(0xffff, 12))],
    ['a target in the head', 'fields_overlap', changed((message) => message.writeUInt32LE(0, 44))],
    ['a name in the head', 'fields_overlap', changed((message) => message.writeUInt32LE(8, 16))],
    ['a name within the target', 'fields_overlap', changed((message) => message.writeUInt32LE(70, 16))],
    ['no target', 'no_target_information', changed((message) => message.writeUInt16LE(0, 40))],
    ['letters of a code page', 'not_unicode', changed((message) => message.writeUInt32LE(0xe28a8232, 20))],
    ['NTLMv1', 'no_extended_security', changed((message) => message.writeUInt32LE(0xe2828233, 20))],
    ['pairs without an end', 'pairs_broken', withPairs(hex('0200020041004200'.slice(0, 12)))],
    ['a pair longer than all pairs', 'pairs_broken', withPairs(hex('0200ffff41004200'))],
    ['more pairs than there are', 'pairs_broken', withPairs(manyPairs)],
    ['a pair twice', 'pair_repeated', withPairs(Buffer.concat([pair(2, 0), pair(2, 0), pair(0, 0)]))],
    ['64 kB', 'too_long', Buffer.concat([CHALLENGE, Buffer.alloc(65_536)])],
  ])('with %s is refused: %s', (_what, fault, message) => {
    const base64 = typeof message === 'string' ? message : message.toString('base64');
    expect(() => readChallenge(base64)).toThrow(expect.objectContaining({ code: 'ntlm_challenge_invalid', fault }) as Error);
  });

  it('is refused in no time, however long it is', () => {
    const long = 'A'.repeat(10_000_000);
    const start = performance.now();
    for (let times = 0; times < 200; times += 1) expect(() => readChallenge(long)).toThrow('too_long');
    expect(performance.now() - start).toBeLessThan(200);
  });
});
