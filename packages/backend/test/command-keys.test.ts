import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, runCommand } from './support/command.ts';
import { KEYS } from './support/world.ts';

const SHORT = `k1:${Buffer.alloc(16, 7).toString('base64url')}`;
const OTHER = `k1:${Buffer.from('quite another key of 32 bytes, too').subarray(0, 32).toString('base64url')}`;

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-keys-'));
  home = join(folder, '.calendar-connect');
});
afterEach(() => rmSync(folder, { recursive: true }));

const list = (environment: Record<string, string> = {}): Promise<Ended> =>
  runCommand(['application', 'list'], { cwd: folder, environment });

function expectRefusal({ code, stdout, stderr }: Ended, sentence: string): void {
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  for (const key of [SHORT, OTHER, KEYS]) expect(stderr).not.toContain(key.slice(3));
}

describe('keys from the environment', () => {
  it.each([
    ['empty', '', 'CALENDAR_CONNECT_KEYS is empty; expected "id:key" with a key of 32 bytes in base64url.'],
    ['too short', SHORT, 'entry 1, key "k1", is of 16 bytes; expected 32.'],
    ['without an id', SHORT.slice(3), 'entry 1 has no ":"; expected "id:key".'],
    ['not encoded', 'k1:not/a-key!', 'entry 1, key "k1", is neither base64url, base64 nor hex.'],
  ])('that are %s are refused with the exact reason, and nothing is made (L04)', async (_what, keys, sentence) => {
    expectRefusal(await list({ CALENDAR_CONNECT_KEYS: keys }), sentence);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that are not those of the database are refused (L04)', async () => {
    expect((await list({ CALENDAR_CONNECT_KEYS: KEYS })).code).toBe(0);
    expectRefusal(
      await list({ CALENDAR_CONNECT_KEYS: OTHER }),
      'The key "k1" is not the key "k1" that this database was sealed with. (key_wrong)',
    );
    expect((await list({ CALENDAR_CONNECT_KEYS: `${OTHER.replace('k1', 'k2')},${KEYS}` })).code).toBe(0);
  });
});

describe('a key file', () => {
  it('that is gone while the database is there is not made anew', async () => {
    await list();
    rmSync(join(home, 'keys'));
    expectRefusal(await list(), 'keys is missing, and the database beside it cannot be opened without it.');
    expect(existsSync(join(home, 'keys'))).toBe(false);
  });

  it('that others may read is refused, with what to run', async () => {
    await list();
    chmodSync(join(home, 'keys'), 0o644);
    expectRefusal(await list(), `can be used by others than its owner. Run: chmod 600 ${join(home, 'keys')} (key_file_exposed)`);
  });

  it.each([
    ['too short', SHORT, 'is of 16 bytes; expected 32.'],
    ['empty', '', 'is empty; expected "id:key"'],
  ])('that is %s is refused, and no database is made (L04)', async (_what, text, sentence) => {
    mkdirSync(home);
    writeFileSync(join(home, 'keys'), text, { mode: 0o600 });
    expectRefusal(await list(), sentence);
    expect(readdirSync(home)).toEqual(['keys']);
  });

  it('is made once, where ten commands start at the same instant', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => list()));
    expect(all.filter(({ code }) => code !== 0)).toEqual([]);
    expect(all.filter(({ stderr }) => stderr.includes('Made a new encryption key'))).toHaveLength(1);
    expect((await list()).code).toBe(0);
    expect(readdirSync(home).filter((name) => name.startsWith('keys'))).toEqual(['keys']);
  });
});
