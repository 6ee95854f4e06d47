import { StorageError } from './storage-error.ts';
import { nameType } from './value-type.ts';

/** A private-use character that stands in front of what PostgreSQL's text cannot hold, and of itself. */
const ESCAPE = '\uE000';
const ESCAPED = /\uE000([01])/g;
const NUL = '\0';

/** What PostgreSQL's driver can bind. */
export type PostgresValue = string | number | bigint | Uint8Array | null;

/**
 * Turns the parameters of a statement into what PostgreSQL can store, refusing what SQLite refuses too, so that a question that is right
 * on one is right on the other: `true` and `false` become 1 and 0, `undefined`, dates and other objects are refused.
 *
 * @throws StorageError `unsupported_value`, naming the place and the type, never the value.
 */
export function toPostgresValues(parameters: readonly unknown[]): PostgresValue[] {
  return parameters.map(toPostgresValue);
}

function toPostgresValue(value: unknown, index: number): PostgresValue {
  switch (typeof value) {
    case 'string':
      return escapeText(value);
    case 'bigint':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'boolean':
      return value ? 1 : 0;
    case 'object':
      if (value === null || value instanceof Uint8Array) return value;
      break;
    default:
      break;
  }
  throw new StorageError('unsupported_value', `Parameter ${index + 1} is ${nameType(value)}, which no column can hold.`);
}

/**
 * PostgreSQL refuses U+0000 in a text, and strangers may put one into an id that is looked up or a `state` that is to come back. The
 * replacement is one to one, so equal texts stay equal and different ones different.
 */
function escapeText(text: string): string {
  if (!text.includes(NUL) && !text.includes(ESCAPE)) return text;
  return text.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll(NUL, `${ESCAPE}0`);
}

/** Reads a text as {@link toPostgresValues} wrote it. */
export function unescapeText(text: string): string {
  return text.includes(ESCAPE) ? text.replaceAll(ESCAPED, (_, what) => (what === '0' ? NUL : ESCAPE)) : text;
}

/** Object ids of PostgreSQL's types. @see [pg_type.dat](https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat) */
const TYPE = { int8: 20, text: 25, varchar: 1043, numeric: 1700 } as const;

const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  // Counts, times and versions: none comes near 2^53.
  [TYPE.int8, Number],
  [TYPE.numeric, Number],
  [TYPE.text, unescapeText],
  [TYPE.varchar, unescapeText],
]);

/** How a column of a type is read, where it is read otherwise than by the driver: as SQLite would give it. */
export function parserOf(typeId: number): ((text: string) => unknown) | undefined {
  return parsers.get(typeId);
}
