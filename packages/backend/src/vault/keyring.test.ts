import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createKeyText } from './key-text.ts';
import { createKeyring, parseKeys } from './keyring.ts';
import { VaultError } from './vault-error.ts';

const bytes = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
const key = bytes.toString('base64url');
const otherKey = randomBytes(32).toString('base64url');

function failureOf(text: string | undefined): VaultError {
  try {
    parseKeys(text);
  } catch (error) {
    if (error instanceof VaultError) return error;
  }
  throw new Error('The text was accepted.');
}

describe('the keys of the environment', () => {
  it.each([
    ['base64url', key],
    ['base64', Buffer.alloc(32, 'þÿ').toString('base64')],
    ['base64 without its "="', bytes.toString('base64').replace('=', '')],
    ['hex', bytes.toString('hex')],
    ['hex in capitals', bytes.toString('hex').toUpperCase()],
  ])('are read from %s', (_encoding, text) => {
    expect(parseKeys(`main:${text}`)).toMatchObject([{ id: 'main' }]);
  });

  it('are the same key in every encoding', () => {
    const [hex] = parseKeys(`a:${bytes.toString('hex')}`);
    const [base64] = parseKeys(`b:${bytes.toString('base64')}`);
    expect(hex?.key.export().equals(bytes)).toBe(true);
    expect(base64?.key.export().equals(bytes)).toBe(true);
  });

  it('are several, of which the first is active', () => {
    const keyring = createKeyring(parseKeys(` new:${otherKey} , old:${key}\n`));
    expect(keyring.active.id).toBe('new');
    expect(keyring.find('old').key.export().equals(bytes)).toBe(true);
  });

  it('can be made', () => {
    expect(parseKeys(createKeyText('k1'))).toMatchObject([{ id: 'k1' }]);
  });

  it.each([
    ['nothing', undefined, 'keys_missing', 'CALENDAR_CONNECT_KEYS is empty'],
    ['an empty text', '  ', 'keys_missing', 'is empty'],
    ['a key without an id', key, 'keys_malformed', 'entry 1 has no ":"'],
    ['an id that is a key', `${key}:main`, 'keys_malformed', 'entry 1 has a malformed id'],
    ['a trailing comma', `main:${key},`, 'keys_malformed', 'entry 2 has no ":"'],
    ['no key after the id', 'main:', 'key_not_encoded', 'key "main", is neither base64url, base64 nor hex'],
    ['something else than base64', 'main:p@ssw0rd!', 'key_not_encoded', 'neither base64url, base64 nor hex'],
    ['two alphabets at once', `main:${'-/'.repeat(21)}A`, 'key_not_encoded', 'neither base64url, base64 nor hex'],
    ['base64 that was cut off', `main:${key.slice(0, -2)}`, 'key_not_encoded', 'not whole base64'],
    ['a mistyped last character', `main:${key.slice(0, -1)}9`, 'key_not_encoded', 'not whole base64'],
    ['a short key', `main:${randomBytes(16).toString('base64url')}`, 'key_wrong_length', 'is of 16 bytes; expected 32'],
    ['a short key in hex', `main:${randomBytes(16).toString('hex')}`, 'key_wrong_length', 'is of 16 bytes; expected 32'],
    ['a long key', `main:${randomBytes(33).toString('base64url')}`, 'key_wrong_length', 'is of 33 bytes; expected 32'],
    ['a zero key', `main:${Buffer.alloc(32).toString('base64url')}`, 'key_trivial', 'is all zero'],
    ['one byte repeated', `main:${'ab'.repeat(32)}`, 'key_trivial', 'one byte repeated'],
    ['an id twice', `main:${key},main:${otherKey}`, 'keys_malformed', 'two keys with the id "main"'],
    ['a key twice', `a:${key},b:${bytes.toString('hex')}`, 'keys_malformed', 'the same key as "a" and as "b"'],
  ])('are refused for %s, with the reason and without the key', (_what, text, code, reason) => {
    const failure = failureOf(text);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(reason);
    const secrets = (text ?? '').split(/[,:]/).filter((part) => part.trim().length > 6);
    for (const secret of secrets) expect(inspect(failure)).not.toContain(secret);
  });

  it('name the text they come from', () => {
    expect(() => parseKeys('', 'The key file')).toThrow('The key file is empty');
  });
});

describe('a keyring', () => {
  it('says which key is needed and which are there', () => {
    const keyring = createKeyring(parseKeys(`a:${key},b:${otherKey}`));
    expect(() => keyring.find('c')).toThrow(
      expect.objectContaining({ code: 'key_unknown', message: 'Key "c" is needed to open this, and the keyring holds only "a", "b".' }),
    );
  });

  it('is never without a key', () => {
    expect(() => createKeyring([])).toThrow(expect.objectContaining({ code: 'keys_missing' }));
  });
});
