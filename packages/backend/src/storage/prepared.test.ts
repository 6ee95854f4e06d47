import { expect, it } from 'vitest';
import { prepared } from './prepared.ts';
import { createSqliteCompiler } from './sqlite-compiler.ts';
import type { Schema } from './schema.ts';

interface Renewal {
  readonly id: string;
  readonly sealed: string | null;
  readonly version: number;
}

it('is what Kysely compiles, with the values of each call in their places', () => {
  const db = createSqliteCompiler<Schema>();
  const build = (values: Renewal) =>
    db
      .updateTable('profiles')
      .set((eb) => ({ calendars_sealed: values.sealed, credential_version: eb('credential_version', '+', 1) }))
      .where('id', '=', values.id)
      .where('status', 'in', ['connected', 'disconnected'])
      .where('credential_version', '=', values.version)
      .returning('id');
  const renew = prepared((_db, values: Renewal) => build(values));
  for (const values of [
    { id: 'pro_1', sealed: 'a', version: 1 },
    { id: 'pro_2', sealed: null, version: 0 },
  ]) {
    const [now, always] = [renew(db, values).compile(), build(values).compile()];
    expect([now.sql, now.parameters, now.query.kind]).toEqual([always.sql, always.parameters, 'UpdateQueryNode']);
  }
});

it('is built once for each database', () => {
  let built = 0;
  const find = prepared((db, { id }: { id: string }) => {
    built += 1;
    return db.selectFrom('grants').selectAll().where('id', '=', id);
  });
  const [first, second] = [createSqliteCompiler<Schema>(), createSqliteCompiler<Schema>()];
  for (const db of [first, first, second, first, second]) find(db, { id: 'grn_1' }).compile();
  expect(built).toBe(2);
});
