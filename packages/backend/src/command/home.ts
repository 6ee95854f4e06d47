import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CalendarConnectError } from '../errors.ts';
import type { Engine } from '../storage/engine.ts';
import { openPostgres } from '../storage/postgres.ts';
import { openSqlite } from '../storage/sqlite.ts';
import { loadOrCreateKeyFile } from '../vault/key-file.ts';
import { type KeyringKey, parseKeys } from '../vault/keyring.ts';
import { VaultError } from '../vault/vault-error.ts';
import type { Settings } from './settings.ts';

const DEFAULT_FOLDER = '.calendar-connect';

/** What a backend keeps between runs, and the keys to it. */
export interface Home {
  /** The data folder. With PostgreSQL it need not exist. */
  readonly folder: string;
  readonly database: Engine;
  readonly keys: readonly KeyringKey[];
  /** What the operator should know of how the keys came about. */
  readonly notes: readonly string[];
}

/**
 * Opens the database and its keys: with `DATABASE_URL` PostgreSQL, else a file in the data folder, making what is not there yet. With
 * `CALENDAR_CONNECT_KEYS` set no key file is made or read.
 *
 * @throws VaultError `key_file_unusable` where there is a database and its key is gone: a new key would open nothing of it; `keys_missing`
 * where there is none for PostgreSQL; and those of {@link parseKeys}
 * @throws StorageError `cannot_open`
 * @throws CalendarConnectError `option_invalid`
 */
export function openHome(settings: Settings): Home {
  const folder = resolve(settings.data ?? DEFAULT_FOLDER);
  return settings.databaseUrl === undefined ? openFolder(folder, settings) : openServer(settings.databaseUrl, folder, settings);
}

function openFolder(folder: string, settings: Settings): Home {
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

function openServer(url: string, folder: string, settings: Settings): Home {
  const keys = settings.keys === undefined ? sharedKeys(join(folder, 'keys')) : parseKeys(settings.keys);
  const poolSize = readPoolSize(settings);
  return { folder, keys, notes: [], database: openPostgres({ url, ...(poolSize === undefined ? {} : { poolSize }) }) };
}

/** No key is made here: it would be on one machine, while the data lies on another and is shared by all. */
function sharedKeys(path: string): readonly KeyringKey[] {
  if (existsSync(path)) return loadOrCreateKeyFile(path).keys;
  throw new VaultError(
    'keys_missing',
    'DATABASE_URL is set and there is no encryption key. Every backend on that database needs the same one: set CALENDAR_CONNECT_KEYS ' +
      `for all of them, or put a key file at ${path}. Make a key, once, and back it up: without it the database is lost. ` +
      `node -p "'k1:' + crypto.randomBytes(32).toString('base64url')"`,
  );
}

function readPoolSize({ databasePoolSize: text }: Settings): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new CalendarConnectError(
    'option_invalid',
    `DATABASE_POOL_SIZE: expected a number from 1 to 9999, received ${JSON.stringify(text)}`,
  );
}
