import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { allMigrations } from './migrations/all.ts';
import { migrate } from './migrations.ts';
import { openSqlite } from './sqlite.ts';
import { createStore } from './store.ts';
import { storeContract } from './store.contract.ts';

let folder: string;
let made = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-store-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function storeIn(file: string) {
  const engine = openSqlite({ file });
  await migrate(engine, allMigrations);
  return createStore(engine);
}

storeContract('SQLite in memory', () => storeIn(':memory:'));
storeContract('SQLite in a file', () => storeIn(join(folder, `${(made += 1)}.db`)));
