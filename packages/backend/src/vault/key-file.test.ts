import * as fs from 'node:fs';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadOrCreateKeyFile } from './key-file.ts';

vi.mock('node:fs', { spy: true });

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-keys-'));
  path = join(folder, 'data', 'keys');
});

afterEach(() => rmSync(folder, { recursive: true }));

function writeKeyFile(text: string, mode = 0o600): void {
  mkdirSync(join(folder, 'data'));
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
}

it('is made where there is none, for its owner only, and says so', () => {
  const made = loadOrCreateKeyFile(path);
  expect(made).toMatchObject({ created: true, keys: [{ id: 'k1' }] });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
});

it('is read the next time, with the same key', () => {
  const [made] = loadOrCreateKeyFile(path).keys;
  const read = loadOrCreateKeyFile(path);
  expect(read.created).toBe(false);
  expect(made !== undefined && read.keys[0]?.key.equals(made.key)).toBe(true);
});

it('is there whole or not at all: a disk that is full leaves nothing behind', () => {
  vi.mocked(fs.writeFileSync).mockImplementationOnce((file) => {
    fs.closeSync(fs.openSync(file as string, 'wx', 0o600));
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  });
  expect(() => loadOrCreateKeyFile(path)).toThrow(expect.objectContaining({ code: 'key_file_unusable' }));
  expect(readdirSync(join(folder, 'data'))).toEqual([]);
  expect(loadOrCreateKeyFile(path).created).toBe(true);
});

it('is that of whoever was first, where two processes make one at once', () => {
  vi.mocked(fs.linkSync).mockImplementationOnce((unfinished, final) => {
    writeFileSync(path, `k7:${'0f'.repeat(31)}ff`, { mode: 0o600 });
    fs.linkSync(unfinished, final);
  });
  expect(loadOrCreateKeyFile(path)).toMatchObject({ created: false, keys: [{ id: 'k7' }] });
  expect(readdirSync(join(folder, 'data'))).toEqual(['keys']);
});

it('is another one each time', () => {
  const [one] = loadOrCreateKeyFile(path).keys;
  const [other] = loadOrCreateKeyFile(join(folder, 'other')).keys;
  expect(one !== undefined && other?.key.equals(one.key)).toBe(false);
});

it.each([0o640, 0o604, 0o620, 0o644])('is refused with mode %o, and the error says what to run', (mode) => {
  writeKeyFile(`k1:${'0f'.repeat(31)}ff`, mode);
  expect(() => loadOrCreateKeyFile(path)).toThrow(
    expect.objectContaining({ code: 'key_file_exposed', message: expect.stringContaining(`chmod 600 ${path}`) }),
  );
});

it.each([
  ['is empty', '', 'keys_missing', /^The key file .* is empty/],
  ['is garbled', '\u0000\u0001garbled', 'keys_malformed', /entry 1 has no ":"/],
  ['holds a short key', 'k1:AAECAw', 'key_wrong_length', /4 bytes; expected 32/],
  ['holds a zero key', `k1:${'00'.repeat(32)}`, 'key_trivial', /all zero/],
])('is refused when it %s, and stays as it is', (_what, text, code, reason) => {
  writeKeyFile(text);
  expect(() => loadOrCreateKeyFile(path)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(reason) }));
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('is refused when it is a folder, or lies where none can be made', () => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  expect(() => loadOrCreateKeyFile(path)).toThrow(expect.objectContaining({ code: 'key_file_unusable' }));
  writeFileSync(join(folder, 'file'), '');
  expect(() => loadOrCreateKeyFile(join(folder, 'file', 'keys'))).toThrow(expect.objectContaining({ code: 'key_file_unusable' }));
  expect(existsSync(join(folder, 'file', 'keys'))).toBe(false);
});
