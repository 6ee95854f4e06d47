import { closeSync, existsSync, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createKeyText } from './key-text.ts';
import { type KeyringKey, parseKeys } from './keyring.ts';
import { randomBytes } from './random-pool.ts';
import { VaultError } from './vault-error.ts';

/** The id of the key in a file that was just made. */
const firstKeyId = 'k1';

const groupAndOthers = 0o077;

/** The keys of a file, and whether the file was made just now, so that a command can say so. */
export interface KeyFile {
  readonly keys: readonly KeyringKey[];
  readonly created: boolean;
}

/**
 * Reads the keys of a file, written as {@link parseKeys} reads them. Where there is no file, makes one with a new key: mode 0600, in a folder
 * of mode 0700 where that is new too, and on disk before this returns.
 *
 * @throws VaultError `key_file_exposed` where group or others may read it, `key_file_unusable`, and those of {@link parseKeys}.
 */
export function loadOrCreateKeyFile(path: string): KeyFile {
  const created = createKeyFile(path);
  return { keys: parseKeys(readKeyFile(path), `The key file ${path}`), created };
}

/**
 * Creates the file unless it is there. It is written under another name first and then linked to its own, which only one of several processes
 * can do: none finds a file that is still empty, nor does the next start after a crash in between.
 */
function createKeyFile(path: string): boolean {
  if (existsSync(path)) return false;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    linkNewKey(path, `${path}.${randomBytes(8).toString('hex')}`);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw unusable(path, 'cannot be created', error);
  }
  syncFolder(dirname(path));
  return true;
}

function linkNewKey(path: string, unfinished: string): void {
  try {
    writeFileSync(unfinished, `${createKeyText(firstKeyId)}\n`, { flag: 'wx', mode: 0o600, flush: true });
    linkSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** A file is only there after a power cut when its folder is on disk too. Where folders cannot be opened (Windows) there is no such step. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readKeyFile(path: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw unusable(path, 'cannot be opened', error);
  }
  try {
    // Of the opened file, so that nobody can put another in its place between looking and reading.
    const { mode } = fstatSync(descriptor);
    if (process.platform !== 'win32' && (mode & groupAndOthers) !== 0) {
      throw new VaultError('key_file_exposed', `The key file ${path} can be used by others than its owner. Run: chmod 600 ${path}`);
    }
    return readFileSync(descriptor, 'utf8');
  } catch (error) {
    throw error instanceof VaultError ? error : unusable(path, 'cannot be read', error);
  } finally {
    closeSync(descriptor);
  }
}

function unusable(path: string, what: string, cause: unknown): VaultError {
  return new VaultError('key_file_unusable', `The key file ${path} ${what}: ${systemCode(cause) ?? 'unknown reason'}.`, { cause });
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
