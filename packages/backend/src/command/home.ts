import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Engine } from '../storage/engine.ts';
import { openSqlite } from '../storage/sqlite.ts';
import { loadOrCreateKeyFile } from '../vault/key-file.ts';
import { type KeyringKey, parseKeys } from '../vault/keyring.ts';
import { VaultError } from '../vault/vault-error.ts';
import type { Settings } from './settings.ts';

const DEFAULT_FOLDER = '.calendar-connect';

/** What a backend keeps between runs, and the keys to it. */
export interface Home {
  readonly folder: string;
  readonly database: Engine;
  readonly keys: readonly KeyringKey[];
  /** What the operator should know of how the keys came about. */
  readonly notes: readonly string[];
}

/**
 * Opens the data folder, making what is not there yet. With `CALENDAR_CONNECT_KEYS` set no key file is made or read.
 *
 * @throws VaultError `key_file_unusable` where there is a database and its key is gone: a new key would open nothing of it; and those of
 * {@link parseKeys}
 */
export function openHome(settings: Settings): Home {
  const folder = resolve(settings.data ?? DEFAULT_FOLDER);
  const file = join(folder, 'calendar-connect.db');
  // The keys first: where they are no good, nothing is made.
  const { keys, notes } = settings.keys === undefined ? keysOf(folder, existsSync(file)) : { keys: parseKeys(settings.keys), notes: [] };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { folder, keys, notes, database: openSqlite({ file }) };
}

function keysOf(folder: string, hasDatabase: boolean): Pick<Home, 'keys' | 'notes'> {
  const path = join(folder, 'keys');
  if (hasDatabase && !existsSync(path)) {
    throw new VaultError(
      'key_file_unusable',
      `The key file ${path} is missing, and the database beside it cannot be opened without it. Put it back, or set CALENDAR_CONNECT_KEYS.`,
    );
  }
  const { keys, created } = loadOrCreateKeyFile(path);
  return {
    keys,
    notes: created ? [`Made a new encryption key, readable by you only: ${path}. Back it up: without it the database is lost.`] : [],
  };
}
