import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** A statement that was prepared once and is run many times. */
export interface PreparedStatement {
  rows(values: readonly SQLInputValue[]): readonly unknown[];
  run(): void;
}

/**
 * Prepares a statement whose rows are made from arrays, where Node can answer with arrays (from 22.16 on): the objects that it makes itself are
 * hash tables. Measured: a tenth of a microsecond for each column, 3 µs of 73 that an exchange takes in storage.
 *
 * Not where the text says `*`: another process may change the table's columns, and their names here would be the old ones.
 */
export function prepareStatement(database: DatabaseSync, sql: string): PreparedStatement {
  const statement = database.prepare(sql);
  const run = (): void => void statement.run();
  if (!('setReturnArrays' in statement) || sql.includes('*')) return { rows: (values) => statement.all(...values), run };
  statement.setReturnArrays(true);
  const names = statement.columns().map((column) => column.name);
  return {
    // What the types do not say: these are arrays from here on.
    rows: (values) => (statement.all(...values) as unknown as SQLOutputValue[][]).map((row) => toObject(names, row)),
    run,
  };
}

function toObject(names: readonly string[], row: readonly SQLOutputValue[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (let at = 0; at < names.length; at += 1) object[names[at] ?? ''] = row[at];
  return object;
}
