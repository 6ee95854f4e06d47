import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { type Question, rows, run } from './question.ts';
import { openSqlite } from './sqlite.ts';

interface Tables {
  entries: { n: number };
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-recovery-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function writeEntries(engine: Engine<Tables>, count: number): Promise<void> {
  await engine.ask(() => raw('create table entries (n integer primary key) strict'));
  for (let n = 0; n < count; n += 1) await engine.ask((db) => run(db.insertInto('entries').values({ n })));
}

function* raw(text: string): Question<readonly unknown[]> {
  return yield CompiledQuery.raw(text);
}

it('recovers a log that a power cut left short, at whatever place, to a prefix of what was committed', async () => {
  const file = join(folder, 'whole.db');
  const engine = openSqlite<Tables>({ file });
  await writeEntries(engine, 12);
  const log = readFileSync(`${file}-wal`);
  const cut = join(folder, 'cut.db');
  let before = 0;

  // 1237 is prime, so the cuts fall on every part of a frame.
  for (let length = 0; length <= log.length + 1237; length += 1237) {
    for (const suffix of ['-wal', '-shm']) rmSync(cut + suffix, { force: true });
    copyFileSync(file, cut);
    writeFileSync(`${cut}-wal`, log.subarray(0, length));
    const found = await entriesOf(cut);
    expect(found).toEqual(found.map((_, n) => n));
    expect(found.length).toBeGreaterThanOrEqual(before);
    before = found.length;
  }
  expect(before).toBe(12);
  await engine.close();
});

/** The entries of a file, none where not even the table was committed. */
async function entriesOf(file: string): Promise<number[]> {
  const engine = openSqlite<Tables>({ file });
  try {
    expect(await engine.ask(() => raw('pragma integrity_check'))).toEqual([{ integrity_check: 'ok' }]);
    const known = await engine.ask(() => raw("select 1 from sqlite_schema where name = 'entries'"));
    if (known.length === 0) return [];
    return (await engine.ask((db) => rows(db.selectFrom('entries').selectAll().orderBy('n')))).map(({ n }) => n);
  } finally {
    await engine.close();
  }
}

it('leaves nothing of what was deleted in the file', async () => {
  const file = join(folder, 'deleted.db');
  const engine = openSqlite({ file });
  await engine.ask(() => raw('create table secrets (text text) strict'));
  await engine.ask(() => raw("insert into secrets values ('what-was-erased')"));
  await engine.ask(() => raw('delete from secrets'));
  await engine.close();
  expect(readFileSync(file).includes('what-was-erased')).toBe(false);
});
