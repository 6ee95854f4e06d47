import type { QueryCreator } from 'kysely';
import { one, type Question, run } from '../question.ts';
import type { Schema } from '../schema.ts';

/** States a fact about the whole database once; answers with the one that stands, ours or the one that was there before. */
export function* ensureFact(db: QueryCreator<Schema>, name: string, value: string): Question<string> {
  yield* run(
    db
      .insertInto('facts')
      .values({ name, value })
      .onConflict((conflict) => conflict.doNothing()),
  );
  return (yield* one(db.selectFrom('facts').select('value').where('name', '=', name))).value;
}

/** Answers if the database can be read. */
export function* ping(db: QueryCreator<Schema>): Question<void> {
  yield* run(db.selectFrom('facts').select('name').limit(1));
}
