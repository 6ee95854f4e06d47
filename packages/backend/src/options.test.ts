import { describe, expect, it } from 'vitest';
import { type CalendarConnectOptions, validateOptions } from './options.ts';
import { google } from './providers/google/google.ts';
import { openSqlite } from './storage/sqlite.ts';

const GOOGLE = google({ clientId: 'id', clientSecret: 'secret' });
const database = openSqlite({ file: ':memory:' });
const OPTIONS: CalendarConnectOptions = { publicUrl: 'https://connect.example', database, keys: 'k1:key', providers: [GOOGLE] };

function validate(changes: Record<string, unknown>): () => void {
  return () => validateOptions({ ...OPTIONS, ...changes });
}

describe('options', () => {
  it('pass where each is what it is to be', () => {
    expect(validate({})).not.toThrow();
    expect(validate({ keys: [], providers: [] })).not.toThrow();
    expect(validate({ adminKey: 'k'.repeat(32) })).not.toThrow();
  });

  it.each([
    [{ publicUrl: undefined }, 'publicUrl: expected an address, received undefined'],
    [{ publicUrl: new URL('https://connect.example') }, 'publicUrl: expected an address, received object'],
    [{ database: undefined }, 'database: expected an engine such as openSqlite({ file }), received undefined'],
    [{ database: 'connect.db' }, 'database: expected an engine such as openSqlite({ file }), received "connect.db"'],
    [{ database: null }, 'database: expected an engine such as openSqlite({ file }), received null'],
    [{ keys: undefined }, 'keys: expected a text of id:key pairs, or the keys of a key file, received "undefined"'],
    [{ providers: undefined }, 'providers: expected a list of providers such as google({ … }), received undefined'],
    [{ providers: GOOGLE }, 'providers: expected a list of providers such as google({ … }), received object'],
    [{ adminKey: 'too short' }, 'adminKey: expected at least 32 visible ASCII characters, received 9 characters'],
    [{ adminKey: `${'k'.repeat(31)} ` }, 'adminKey: expected at least 32 visible ASCII characters, received 32 characters'],
    [{ adminKey: `${'k'.repeat(31)}ö` }, 'adminKey: expected at least 32 visible ASCII characters, received 32 characters'],
    [{ adminKey: null }, 'adminKey: expected at least 32 visible ASCII characters, received null'],
    [{ providers: [GOOGLE, GOOGLE] }, 'providers: expected each provider once, received "google"'],
  ])('are refused with option, expected and received: %#', (changes, message) => {
    expect(validate(changes)).toThrow(expect.objectContaining({ code: 'option_invalid', message }));
  });

  it('never show what was given as keys', () => {
    expect(validate({ keys: new Map([['k1', 'top-secret']]) })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('top') }),
    );
  });
});
