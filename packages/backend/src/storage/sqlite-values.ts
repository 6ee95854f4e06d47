import type { SQLInputValue } from 'node:sqlite';
import { StorageError } from './storage-error.ts';
import { nameType } from './value-type.ts';

/**
 * Turns the parameters of a statement into what SQLite can store: `true` and `false` become 1 and 0, `undefined`, dates and other objects
 * are refused. Refusing matters: `node:sqlite` takes a plain object in the first place for named parameters, silently.
 *
 * @throws StorageError `unsupported_value`, naming the place and the type, never the value.
 */
export function toSqliteValues(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map(toSqliteValue);
}

function toSqliteValue(value: unknown, index: number): SQLInputValue {
  switch (typeof value) {
    case 'string':
    case 'bigint':
      return value;
    case 'number':
      // node:sqlite binds every number as a float, and a whole one would come to lie in a text column or a JSON text as "7.0".
      if (Number.isSafeInteger(value)) return BigInt(value);
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
