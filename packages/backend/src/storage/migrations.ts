import { CompiledQuery, type QueryCreator } from 'kysely';
import type { Dialect, Engine } from './engine.ts';
import { maybeOne, type Question, rows } from './question.ts';
import { StorageError } from './storage-error.ts';

/** One step of the schema. Once released it is never edited: a correction is another migration. */
export interface Migration {
  /** 1 for the first, then one more each. */
  readonly id: number;
  readonly name: string;
  /**
   * A table whose rows it copies: on PostgreSQL nobody else reads or writes it from before its first row is read until the end. That is the strongest
   * lock at once, because one that is raised later, when a column goes, can wait for somebody who waits for it. SQLite has one writer anyway.
   */
  readonly locks?: string;
  /** One SQL statement per string, or what makes them where the databases differ. */
  readonly up: readonly string[] | ((dialect: Dialect) => readonly string[]);
}

interface MigrationRow {
  readonly id: number;
  readonly name: string;
  readonly applied_at: number;
}

const MIGRATIONS_TABLE =
  'create table if not exists schema_migrations (id integer primary key, name text not null, applied_at bigint not null)';

/** The compiler of an {@link Engine}, as far as migrations are concerned: it knows their own table and no other. */
type MigrationsDb = QueryCreator<{ schema_migrations: MigrationRow }>;

/**
 * Brings a database to the newest schema and answers with the migrations it applied, none where there was nothing to do.
 *
 * Each migration is one transaction together with its record, so killing the process leaves a whole number of them, and the next start
 * goes on from there. Processes that start at once take turns: the second finds each migration recorded.
 *
 * @param migrations All of them, numbered from 1 without a gap.
 * @param now Milliseconds since 1970, kept as the time of application.
 * @throws StorageError `schema_newer` where the database knows a migration that this program does not; `schema_mismatch` where it knows one
 * by another name, or the numbers are out of order; `failed` where a statement was refused, naming the migration and the statement's place.
 */
export async function migrate<S>(
  engine: Engine<S>,
  migrations: readonly Migration[],
  now: () => number = Date.now,
): Promise<readonly Migration[]> {
  checkNumbers(migrations);
  const work = (alone: Engine<S>): Promise<readonly Migration[]> => applyAll(alone, migrations, now);
  return engine.exclusively === undefined ? work(engine) : engine.exclusively(work);
}

async function applyAll<S>(engine: Engine<S>, migrations: readonly Migration[], now: () => number): Promise<readonly Migration[]> {
  const ask = <T>(question: (db: MigrationsDb) => Question<T>): Promise<T> =>
    // The engine is typed by the application's tables; to compile a statement for another one is the same work.
    engine.ask((db) => question(db as unknown as MigrationsDb));

  const known = await ask((db) => checkHistory(db, migrations));
  const applied: Migration[] = [];
  for (const migration of migrations) {
    // Each looks again in its own transaction: another process may apply the same ones just now.
    if (known.has(migration.id)) continue;
    if (await ask((db) => applyOnce(db, engine.dialect, { migration, now: now() }))) applied.push(migration);
  }
  return applied;
}

/** The ids of what was applied. Refuses a database that a newer version has migrated, before anything is done to it. */
function* checkHistory(db: MigrationsDb, migrations: readonly Migration[]): Question<ReadonlySet<number>> {
  yield CompiledQuery.raw(MIGRATIONS_TABLE);
  const history = yield* rows(db.selectFrom('schema_migrations').selectAll().orderBy('id'));
  const newest = history.at(-1);
  if (newest !== undefined && newest.id > migrations.length) {
    throw new StorageError(
      'schema_newer',
      `The database has migration ${newest.id} (${newest.name}); this version of Calendar Connect knows ${migrations.length}. ` +
        'It was used by a newer version: start that one, or restore a backup from before the upgrade.',
    );
  }
  for (const row of history) checkName(row, migrations[row.id - 1]);
  return new Set(history.map(({ id }) => id));
}

function checkName(row: MigrationRow, migration: Migration | undefined): void {
  if (migration?.name === row.name) return;
  throw new StorageError(
    'schema_mismatch',
    `The database has migration ${row.id} as "${row.name}"; here it is "${migration?.name ?? 'absent'}". It belongs to another version.`,
  );
}

interface Application {
  readonly migration: Migration;
  readonly now: number;
}

function* applyOnce(db: MigrationsDb, dialect: Dialect, { migration, now }: Application): Question<boolean> {
  // First of all: with the first row that is read, PostgreSQL decides which rows its transaction sees.
  if (dialect === 'postgres' && migration.locks !== undefined) {
    yield CompiledQuery.raw(`lock table ${migration.locks} in access exclusive mode`);
  }
  const known = yield* maybeOne(db.selectFrom('schema_migrations').selectAll().where('id', '=', migration.id));
  if (known !== undefined) {
    checkName(known, migration);
    return false;
  }
  const statements = typeof migration.up === 'function' ? migration.up(dialect) : migration.up;
  for (const [index, statement] of statements.entries()) {
    yield* runStatement(migration, index, dialect === 'postgres' ? comparedByBytes(statement) : statement);
  }
  yield db.insertInto('schema_migrations').values({ id: migration.id, name: migration.name, applied_at: now }).compile();
  return true;
}

/**
 * Ids begin with their time, and what has expired is found by comparing them, so texts must be ordered by their bytes. SQLite always does;
 * PostgreSQL orders by the language that the database was made for, in which `aa` may come after `z`.
 */
function comparedByBytes(statement: string): string {
  if (!/^\s*(create|alter)\s+table\b/i.test(statement)) return statement;
  return statement.replace(/\btext\b/g, 'text collate "C"');
}

function* runStatement(migration: Migration, index: number, statement: string): Question<void> {
  const place = `Migration ${migration.id} (${migration.name}), statement ${index + 1}`;
  if (holdsSeveral(statement)) {
    throw new StorageError('failed', `${place}: holds more than one statement, of which SQLite would run the first only.`);
  }
  try {
    yield CompiledQuery.raw(statement);
  } catch (error) {
    const code = error instanceof StorageError ? error.code : 'failed';
    throw new StorageError(code, `${place}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** A trigger's body is the one place where a semicolon does not end the statement. */
function holdsSeveral(statement: string): boolean {
  return /;\s*\S/.test(statement) && !/^\s*create\s+(temp\s+)?trigger\b/i.test(statement);
}

function checkNumbers(migrations: readonly Migration[]): void {
  const index = migrations.findIndex((migration, at) => migration.id !== at + 1);
  if (index < 0) return;
  throw new StorageError(
    'schema_mismatch',
    `Migrations are numbered from 1 without a gap: number ${index + 1} is ${migrations[index]?.id}.`,
  );
}
