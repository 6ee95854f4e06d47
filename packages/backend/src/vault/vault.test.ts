import { createHmac, hkdfSync } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt } from './cipher.ts';
import { createKeyText } from './key-text.ts';
import { createKeyring, parseKeys } from './keyring.ts';
import { type SealContext, sealPurposes } from './seal-context.ts';
import { createVault, type DeriveContext, type Vault } from './vault.ts';
import { VaultError } from './vault-error.ts';

const oldKey = createKeyText('old');
const newKey = createKeyText('new');
const place: SealContext = { purpose: 'profile.credential/1', rowId: 'pro_1', applicationId: 'app_1' };

const vaultOf = (...keys: string[]): Vault => createVault(createKeyring(parseKeys(keys.join(','))));
const refused = expect.objectContaining({ name: 'VaultError', code: 'sealed_refused' });

const vault = vaultOf(oldKey);
const dataKey = vault.createDataKey('acc_1');

/** Every text that differs from this one in one byte of what it encodes. */
function* tampered(sealed: string): Generator<string> {
  const bytes = Buffer.from(sealed, 'base64url');
  for (let index = 0; index < bytes.length; index += 1) {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(index) ^ (1 << (index % 8)), index);
    yield copy.toString('base64url');
  }
}

describe('what is sealed', () => {
  it('opens again, whatever text it is', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(fc.property(anyText, (text) => vault.open(dataKey, place, vault.seal(dataKey, place, text)) === text));
  });

  it('opens in the place it was sealed for, whatever its ids are, and in no other', () => {
    const anyPlace = fc.record({ purpose: fc.constantFrom(...sealPurposes), rowId: fc.string(), applicationId: fc.string() });
    fc.assert(
      fc.property(anyPlace, anyPlace, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        const sealed = vault.seal(dataKey, one, 'secret');
        expect(vault.open(dataKey, one, sealed)).toBe('secret');
        expect(() => vault.open(dataKey, other, sealed)).toThrow(refused);
      }),
    );
  });

  it.each<[string, SealContext]>([
    ['row', { ...place, rowId: 'pro_2' }],
    ['purpose', { ...place, purpose: 'profile.calendars/1' }],
    ['application', { ...place, applicationId: 'app_2' }],
    ['split of its ids', { ...place, rowId: 'pro_1","app', applicationId: '_1' }],
  ])('does not open with another %s', (_what, elsewhere) => {
    expect(() => vault.open(dataKey, elsewhere, vault.seal(dataKey, place, 'secret'))).toThrow(refused);
  });

  it('does not open for another owner, with their data key or with the same one renamed', () => {
    const sealed = vault.seal(dataKey, place, 'secret');
    expect(() => vault.open(vault.createDataKey('acc_2'), place, sealed)).toThrow(refused);
    // The data key was opened just now and lies in memory: renaming it must not find it there.
    expect(() => vault.open({ ...dataKey, ownerId: 'acc_2' }, place, sealed)).toThrow(refused);
  });

  it('does not open when any one byte of it was changed', () => {
    const sealed = vault.seal(dataKey, place, 'secret');
    for (const text of tampered(sealed)) expect(() => vault.open(dataKey, place, text)).toThrow(VaultError);
  });

  it('does not open when it was cut off, lengthened or written differently', () => {
    const sealed = vault.seal(dataKey, place, 'secret!');
    const texts = Array.from(sealed, (_, length) => sealed.slice(0, length));
    for (const text of [...texts, `${sealed}A`, `${sealed}=`, ` ${sealed}`, `${sealed}\n`, `${sealed}!`]) {
      expect(() => vault.open(dataKey, place, text)).toThrow(VaultError);
    }
  });

  it('does not open with the IV or the tag of another', () => {
    const [one, other] = ['one', 'two'].map((text) => Buffer.from(vault.seal(dataKey, place, text), 'base64url'));
    if (one === undefined || other === undefined) throw new Error('Nothing was sealed.');
    const withIv = Buffer.concat([one.subarray(0, 1), other.subarray(1, 13), one.subarray(13)]);
    const withTag = Buffer.concat([one.subarray(0, -16), other.subarray(-16)]);
    for (const bytes of [withIv, withTag]) expect(() => vault.open(dataKey, place, bytes.toString('base64url'))).toThrow(refused);
  });

  it('is another text each time and does not show the plaintext', () => {
    const sealed = Array.from({ length: 1000 }, () => vault.seal(dataKey, place, 'secret'));
    expect(new Set(sealed.map((text) => text.slice(0, 17))).size).toBe(1000);
    expect(Buffer.from(sealed[0] ?? '', 'base64url').includes('secret')).toBe(false);
  });

  it('brings half of a surrogate pair back as U+FFFD', () => {
    expect(vault.open(dataKey, place, vault.seal(dataKey, place, 'a\ud800b'))).toBe('a\ufffdb');
  });

  it('names what does not open, and holds neither plaintext nor ciphertext in the error', () => {
    const sealed = vault.seal(dataKey, place, 'secret');
    try {
      vault.open(dataKey, { ...place, rowId: 'pro_2' }, sealed);
      expect.unreachable();
    } catch (error) {
      expect(String(error)).toContain('profile.credential/1 of pro_2 does not open.');
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(new RegExp(`secret|${sealed}|${dataKey.wrapped}`));
    }
  });
});

describe('a data key', () => {
  it('is another one each time, even for the same owner', () => {
    expect(() => vault.open(vault.createDataKey('acc_1'), place, vault.seal(dataKey, place, 'secret'))).toThrow(refused);
  });

  it('does not open when any one byte of it was changed', () => {
    for (const wrapped of tampered(dataKey.wrapped)) expect(() => vault.seal({ ...dataKey, wrapped }, place, 'x')).toThrow(VaultError);
  });

  it('does not open for another owner, nor under another key of the keyring', () => {
    const both = vaultOf(newKey, oldKey);
    expect(() => both.seal({ ...dataKey, ownerId: 'acc_2' }, place, 'x')).toThrow(refused);
    expect(() => both.seal({ ...dataKey, keyId: 'new' }, place, 'x')).toThrow(refused);
  });

  it('says which key of the keyring it needs', () => {
    expect(() => vaultOf(newKey).seal(dataKey, place, 'x')).toThrow(
      expect.objectContaining({ code: 'key_unknown', message: expect.stringContaining('Key "old" is needed') }),
    );
  });

  it('is still right when more data keys were opened than stay in memory', () => {
    const keys = Array.from({ length: 5000 }, (_, n) => vault.createDataKey(`acc_${n}`));
    const sealed = keys.map((key) => vault.seal(key, place, key.ownerId));
    expect(keys.every((key, n) => vault.open(key, place, sealed[n] ?? '') === key.ownerId)).toBe(true);
  });
});

describe('rotation', () => {
  it('re-wraps a data key for the active key, and what it sealed opens with the new key alone', () => {
    const sealed = vault.seal(dataKey, place, 'secret');
    const rewrapped = vaultOf(newKey, oldKey).rewrap(dataKey);
    expect(rewrapped).toMatchObject({ ownerId: 'acc_1', keyId: 'new' });
    if (rewrapped === undefined) return;
    expect(vaultOf(newKey).open(rewrapped, place, sealed)).toBe('secret');
    expect(vaultOf(newKey).rewrap(rewrapped)).toBeUndefined();
  });

  it('opens and seals with data keys of the former key meanwhile', () => {
    const both = vaultOf(newKey, oldKey);
    expect(both.activeKeyId).toBe('new');
    expect(both.open(dataKey, place, vault.seal(dataKey, place, 'secret'))).toBe('secret');
    expect(vault.open(dataKey, place, both.seal(dataKey, place, 'secret'))).toBe('secret');
  });
});

describe('a derived secret', () => {
  const tokenOf: DeriveContext = { purpose: 'grant.refresh_token/2', rowId: 'grn_1', applicationId: 'app_1' };
  const applicationKey = vault.createDataKey('app_1');

  it('is of 256 bits, and the same each time, for whoever has the key', () => {
    const secret = vault.deriveSecret(applicationKey, tokenOf);
    expect(secret).toMatch(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);
    expect(vaultOf(oldKey).deriveSecret(applicationKey, tokenOf)).toBe(secret);
    expect(vaultOf(newKey, oldKey).deriveSecret(applicationKey, tokenOf)).toBe(secret);
  });

  it('is HMAC-SHA256 under a key that HKDF makes of the data key (RFC 5869)', () => {
    // The data key as nobody but the vault ever has it.
    const bytes = decrypt(createKeyring(parseKeys(oldKey)).active.key, ['data-key', 'app_1', 'old'], applicationKey.wrapped);
    const key = Buffer.from(hkdfSync('sha256', bytes, '', 'calendar-connect derived secrets', 32));
    const named = '["derived","grant.refresh_token/2","grn_1","app_1","app_1"]';
    expect(vault.deriveSecret(applicationKey, tokenOf)).toBe(createHmac('sha256', key).update(named).digest('base64url'));
  });

  it('is another one for every row, application, and data key', () => {
    const others = [
      vault.deriveSecret(applicationKey, tokenOf),
      vault.deriveSecret(applicationKey, { ...tokenOf, rowId: 'grn_2' }),
      vault.deriveSecret(applicationKey, { ...tokenOf, applicationId: 'app_2' }),
      vault.deriveSecret(applicationKey, { ...tokenOf, rowId: 'grn_1","app', applicationId: '_1' }),
      vault.deriveSecret(vault.createDataKey('app_1'), tokenOf),
    ];
    expect(new Set(others).size).toBe(others.length);
  });

  it('outlives the rotation of the key', () => {
    const rewrapped = vaultOf(newKey, oldKey).rewrap(applicationKey);
    expect(rewrapped && vaultOf(newKey).deriveSecret(rewrapped, tokenOf)).toBe(vault.deriveSecret(applicationKey, tokenOf));
  });

  it('is not given to whoever has the data key under another name, or the wrong key', () => {
    vault.deriveSecret(applicationKey, tokenOf);
    expect(() => vault.deriveSecret({ ...applicationKey, ownerId: 'app_2' }, tokenOf)).toThrow(refused);
    expect(() => vaultOf(createKeyText('old')).deriveSecret(applicationKey, tokenOf)).toThrow(refused);
  });
});

describe('the known value in the database', () => {
  it('passes with the key it was made with, active or not', () => {
    const canary = vault.makeCanary();
    expect(() => vault.checkCanary(canary)).not.toThrow();
    expect(() => vaultOf(newKey, oldKey).checkCanary(canary)).not.toThrow();
  });

  it('tells a wrong key of the right name from a missing one', () => {
    const canary = vault.makeCanary();
    expect(() => vaultOf(createKeyText('old')).checkCanary(canary)).toThrow(
      expect.objectContaining({ code: 'key_wrong', message: expect.stringContaining('"old"') }),
    );
    expect(() => vaultOf(newKey).checkCanary(canary)).toThrow(
      expect.objectContaining({ code: 'key_unknown', message: expect.stringContaining('"old"') }),
    );
  });

  it('does not pass when it was changed', () => {
    for (const text of ['', 'old', 'old:', 'old:AAAA', `${vault.makeCanary()}=`]) {
      expect(() => vault.checkCanary(text)).toThrow(expect.objectContaining({ code: 'sealed_malformed' }));
    }
    for (const text of tampered(vault.makeCanary().slice('old:'.length))) {
      expect(() => vault.checkCanary(`old:${text}`)).toThrow(VaultError);
    }
  });
});

it('shows no key bytes when it, its keyring or its keys are printed', () => {
  const keys = parseKeys(oldKey);
  const keyring = createKeyring(keys);
  const shown = [createVault(keyring), keyring, keys]
    .map((value) => inspect(value, { depth: 9, showHidden: true }) + JSON.stringify(value))
    .join();
  const bytes = keys[0]?.key.export() ?? Buffer.alloc(0);
  for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) expect(shown).not.toContain(bytes.toString(encoding));
  expect(shown).not.toContain([...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '));
});
