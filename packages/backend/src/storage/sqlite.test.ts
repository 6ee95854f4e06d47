import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CompiledQuery, type QueryCreator } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { maybeOne, one, type Question, rows, run } from './question.ts';
import { createSqliteEngine, openSqlite } from './sqlite.ts';
import { connectSqlite } from './sqlite-connection.ts';

interface Tables {
  notes: { id: string; text: string | null; pinned: number | boolean; folder: string | null };
  folders: { id: string };
}

const tables = [
  'create table folders (id text primary key) strict',
  'create table notes (id text primary key, text text, pinned integer not null default 0, folder text references folders (id) deferrable initially deferred) strict',
];

let folder: string;
let file: string;
let engine: Engine<Tables>;
let commands: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-storage-'));
  file = join(folder, 'notes.db');
  const connection = connectSqlite(file);
  commands = [];
  engine = createSqliteEngine<Tables>({
    ...connection,
    command(text) {
      commands.push(text);
      connection.command(text);
    },
  });
  await engine.ask(function* () {
    for (const table of tables) yield CompiledQuery.raw(table);
  });
  commands.length = 0;
});

afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

function* addNote(db: QueryCreator<Tables>, id: string, text: string | null = null): Question<{ id: string }> {
  return yield* one(db.insertInto('notes').values({ id, text, pinned: false, folder: null }).returning('id'));
}

function* findNote(db: QueryCreator<Tables>, id: string) {
  return yield* maybeOne(db.selectFrom('notes').selectAll().where('id', '=', id));
}

const addLater = (id: string): Promise<{ id: string }> => engine.ask((db) => addNote(db, id));
const allIds = (): Promise<string[]> =>
  engine.ask(function* (db) {
    return (yield* rows(db.selectFrom('notes').select('id').orderBy('id'))).map(({ id }) => id);
  });

describe('answering', () => {
  it('sends each statement its rows and answers with what the question returns', async () => {
    expect(await addLater('a')).toEqual({ id: 'a' });
    expect(await engine.ask((db) => findNote(db, 'a'))).toEqual({ id: 'a', text: null, pinned: 0, folder: null });
    expect(await engine.ask((db) => findNote(db, 'b'))).toBeUndefined();
  });

  it('says not_found where one row was to be there', async () => {
    const asked = engine.ask((db) => one(db.selectFrom('notes').selectAll().where('id', '=', 'nobody')));
    await expect(asked).rejects.toMatchObject({ name: 'StorageError', code: 'not_found' });
  });

  it('names the columns as they are after another process has changed the table', async () => {
    await addLater('a');
    const find = () => engine.ask((db) => findNote(db, 'a'));
    expect(await find()).toEqual({ id: 'a', text: null, pinned: 0, folder: null });
    const other = new DatabaseSync(file);
    other.exec(`alter table notes drop column text; alter table notes add column colour text default 'red'`);
    other.close();
    expect(await find()).toEqual({ id: 'a', pinned: 0, folder: null, colour: 'red' });
  });

  it('stores booleans as 1 and 0', async () => {
    await addLater('a');
    await engine.ask((db) => run(db.updateTable('notes').set({ pinned: true })));
    expect(await engine.ask((db) => findNote(db, 'a'))).toMatchObject({ pinned: 1 });
  });

  it('stores whole numbers as whole numbers, wherever they lie, and reads numbers', async () => {
    const asked = engine.ask(() =>
      runRaw("select typeof(?) as type, ? || '' as text, ? as time, ? as part", [5, 7, 1_763_715_600_000, 0.5]),
    );
    expect(await asked).toEqual([{ type: 'integer', text: '7', time: 1_763_715_600_000, part: 0.5 }]);
  });

  it.each([
    [undefined, 'of type undefined'],
    [new Date(0), 'a Date'],
    [Number.NaN, 'not finite'],
    [{ id: 'hidden' }, 'of type object'],
  ])('refuses to bind %s, without quoting it', async (value, type) => {
    const asked = engine.ask(() => runRaw('insert into folders (id) values (?)', [value]));
    await expect(asked).rejects.toMatchObject({ code: 'unsupported_value', message: expect.stringContaining(type) });
    await expect(asked).rejects.not.toThrow(/hidden/);
  });

  it('goes on when more texts were prepared than it keeps', async () => {
    await engine.ask(function* () {
      for (let n = 0; n < 1000; n += 1) yield CompiledQuery.raw(`select ${n}`);
    });
    expect(await addLater('a')).toEqual({ id: 'a' });
  });
});

describe('a transaction', () => {
  const nextTurn = (): Promise<void> => new Promise(setImmediate);
  const commits = (): number => commands.filter((text) => text === 'COMMIT').length;

  it('commits once for all questions asked in a turn of the event loop', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, n) => addLater(`note-${n}`)));
    expect(commits()).toBe(1);
    expect(await allIds()).toHaveLength(100);
  });

  it('waits as long as each turn brings somebody', async () => {
    const answers = [addLater('a')];
    for (const id of ['b', 'c', 'd', 'e']) {
      await nextTurn();
      answers.push(addLater(id));
    }
    await Promise.all(answers);
    expect(commits()).toBe(1);
  });

  it('waits for two turns where nobody else asks', async () => {
    const answer = addLater('a');
    await nextTurn();
    expect(commits()).toBe(0);
    await nextTurn();
    expect(commits()).toBe(1);
    await answer;
  });

  it('waits for ten turns at most, whoever comes', async () => {
    const answers: Promise<unknown>[] = [];
    for (let turn = 0; turn < 35; turn += 1) {
      answers.push(addLater(`note-${turn}`));
      await nextTurn();
    }
    expect(commits()).toBe(3);
    expect(await Promise.all(answers)).toHaveLength(35);
  });

  it('is one of several for very many questions, of which all are answered', async () => {
    const answers = await Promise.all(Array.from({ length: 600 }, (_, n) => addLater(`note-${n}`)));
    expect(answers).toHaveLength(600);
    expect(commits()).toBe(3);
  });

  it('opens no savepoint where nothing fails', async () => {
    await Promise.all([addLater('a'), engine.ask((db) => findNote(db, 'b'))]);
    expect(commands).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
  });

  it('begins again where a question fails that had changed something, and not where it had only read', async () => {
    const failing = (ask: (db: QueryCreator<Tables>) => Question<unknown>) =>
      engine.ask(function* (db) {
        yield* ask(db);
        throw new RangeError('changed its mind');
      });
    await Promise.allSettled([addLater('a'), failing((db) => findNote(db, 'a'))]);
    expect(commands).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
    await Promise.allSettled([addLater('b'), failing((db) => addNote(db, 'c')), failing((db) => addNote(db, 'd')), addLater('e')]);
    expect(commands.filter((text) => text.startsWith('ROLLBACK'))).toEqual(['ROLLBACK', 'ROLLBACK TO question', 'ROLLBACK TO question']);
    expect(await allIds()).toEqual(['a', 'b', 'e']);
  });

  it('undoes a question that throws, and no other', async () => {
    const answers = await Promise.allSettled([
      addLater('before'),
      engine.ask(function* (db) {
        yield* addNote(db, 'half');
        throw new RangeError('changed its mind');
      }),
      addLater('after'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(answers[1]).toMatchObject({ reason: { name: 'RangeError' } });
    expect(await allIds()).toEqual(['after', 'before']);
  });

  it('rejects a unique violation to the question it happened to, and undoes all of that question', async () => {
    await addLater('taken');
    const answers = await Promise.allSettled([
      addLater('before'),
      engine.ask(function* (db) {
        yield* addNote(db, 'half');
        yield* addNote(db, 'taken');
      }),
      addLater('after'),
    ]);
    expect(answers[1]).toMatchObject({ reason: { name: 'StorageError', code: 'unique_violation' } });
    expect(await allIds()).toEqual(['after', 'before', 'taken']);
  });

  it('rejects everything that waited when COMMIT fails, and works again afterwards', async () => {
    const answers = await Promise.allSettled([
      addLater('innocent'),
      // A deferred foreign key is only checked by COMMIT.
      engine.ask((db) => run(db.insertInto('notes').values({ id: 'orphan', text: null, pinned: 0, folder: 'nowhere' }))),
    ]);
    expect(answers.map(({ status }) => status)).not.toContain('fulfilled');
    expect(answers[0]).toMatchObject({ reason: { code: 'constraint_violation' } });
    expect(await allIds()).toEqual([]);
    expect(await addLater('later')).toEqual({ id: 'later' });
  });

  it('rejects everything that waited when a statement undoes the whole transaction', async () => {
    await engine.ask(() =>
      runRaw("create trigger veto before insert on notes when new.id = 'veto' begin select raise(rollback, 'veto'); end", []),
    );
    const answers = await Promise.allSettled([addLater('before'), addLater('veto'), addLater('after')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await allIds()).toEqual([]);
  });
});

describe('a question whose statement failed', () => {
  it('may throw a better error', async () => {
    await addLater('taken');
    const asked = engine.ask(function* (db) {
      try {
        yield* addNote(db, 'taken');
      } catch (cause) {
        throw new Error('that name is taken', { cause });
      }
    });
    await expect(asked).rejects.toThrow('that name is taken');
  });

  it('cannot answer or go on, and is closed', async () => {
    await addLater('taken');
    let closed = false;
    const answering = engine.ask(function* (db) {
      try {
        yield* addNote(db, 'taken');
      } catch {
        return 'all is well';
      }
      return undefined;
    });
    const goingOn = engine.ask(function* (db) {
      try {
        yield* addNote(db, 'taken');
      } catch {
        try {
          yield* addNote(db, 'second');
        } finally {
          closed = true;
        }
      }
    });
    await expect(answering).rejects.toMatchObject({ code: 'unique_violation' });
    await expect(goingOn).rejects.toMatchObject({ code: 'unique_violation' });
    expect(closed).toBe(true);
    expect(await allIds()).toEqual(['taken']);
  });
});

describe('the file', () => {
  it('can be read by its owner only, and so can the log beside it', async () => {
    await addLater('a');
    for (const name of [file, `${file}-wal`]) expect(statSync(name).mode & 0o777).toBe(0o600);
  });

  it('is durable at every commit and overwrites what is deleted', async () => {
    const settings = await engine.ask(function* () {
      const names = ['journal_mode', 'synchronous', 'secure_delete', 'foreign_keys'];
      const answers: unknown[] = [];
      for (const name of names) answers.push(...(yield CompiledQuery.raw(`pragma ${name}`)));
      return answers;
    });
    expect(settings).toEqual([{ journal_mode: 'wal' }, { synchronous: 2 }, { secure_delete: 1 }, { foreign_keys: 1 }]);
  });

  it('that is full is said to be full, loses nothing acknowledged, and works again when there is space', async () => {
    await addLater('kept');
    const pages = await engine.ask(() => runRaw('pragma page_count', []));
    const count = Number(Object.values(pages[0] as object)[0]);
    await engine.ask(() => runRaw(`pragma max_page_count = ${count}`, []));
    const answers = await Promise.allSettled([addLater('small'), engine.ask((db) => addNote(db, 'big', 'x'.repeat(100_000)))]);
    expect(answers).toMatchObject([{ reason: { code: 'full' } }, { reason: { code: 'full' } }]);
    await engine.ask(() => runRaw('pragma max_page_count = 100000', []));
    await engine.ask((db) => addNote(db, 'big', 'x'.repeat(100_000)));
    expect(await allIds()).toEqual(['big', 'kept']);
  });

  it('that is no database, or cannot be made, refuses to open', () => {
    const garbled = join(folder, 'garbled.db');
    writeFileSync(garbled, 'This is no database. '.repeat(100));
    expect(() => openSqlite({ file: garbled })).toThrow(expect.objectContaining({ code: 'corrupt' }));
    expect(() => openSqlite({ file: join(folder, 'absent', 'x.db') })).toThrow(expect.objectContaining({ code: 'cannot_open' }));
  });
});

describe('closing', () => {
  it('answers what was asked before, and refuses what comes after', async () => {
    const asked = addLater('a');
    const closing = engine.close();
    await expect(addLater('b')).rejects.toMatchObject({ code: 'closed' });
    await expect(asked).resolves.toEqual({ id: 'a' });
    await closing;
    await expect(engine.close()).resolves.toBeUndefined();
  });

  it('works for a database in memory', async () => {
    const memory = openSqlite({ file: ':memory:' });
    expect(await memory.ask(() => runRaw('select 1 as n', []))).toEqual([{ n: 1 }]);
    await memory.close();
  });
});

function* runRaw(text: string, parameters: unknown[]): Question<readonly unknown[]> {
  return yield CompiledQuery.raw(text, parameters);
}
