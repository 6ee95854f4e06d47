import { expect, it } from 'vitest';
import { createPostgresCompiler } from './postgres-compiler.ts';
import { createSqliteCompiler } from './sqlite-compiler.ts';

interface Tables {
  notes: { id: string };
}

it.each([
  ['SQLite', createSqliteCompiler<Tables>(), 'select "id" from "notes" where "id" = ?'],
  ['PostgreSQL', createPostgresCompiler<Tables>(), 'select "id" from "notes" where "id" = $1'],
] as const)('compiles statements for %s, and says so where one is executed', async (_name, db, sql) => {
  const query = db.selectFrom('notes').select('id').where('id', '=', 'a');
  expect(query.compile()).toMatchObject({ sql, parameters: ['a'] });
  await expect(query.execute()).rejects.toThrow('Compile it, and yield it from a question.');
});
