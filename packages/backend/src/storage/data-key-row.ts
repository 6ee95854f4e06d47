import type { QueryCreator } from 'kysely';
import { prepared } from './prepared.ts';
import { one, type Question, run } from './question.ts';
import type { Schema } from './schema.ts';

/** A data key as it is stored: wrapped by a key of the keyring. */
export interface DataKey {
  /** The account (`acc_…`) or application (`app_…`) whose rows it seals. Deleting it erases them. */
  readonly ownerId: string;
  readonly keyId: string;
  readonly wrapped: string;
}

export function* insertDataKey(db: QueryCreator<Schema>, key: DataKey): Question<void> {
  yield* run(db.insertInto('data_keys').values({ owner_id: key.ownerId, key_id: key.keyId, wrapped: key.wrapped }));
}

const select = prepared((db, { ownerId }: { ownerId: string }) => db.selectFrom('data_keys').selectAll().where('owner_id', '=', ownerId));

/** The data key of an account or application; every one of them has one from its first moment. */
export function* findDataKey(db: QueryCreator<Schema>, ownerId: string): Question<DataKey> {
  const row = yield* one(select(db, { ownerId }));
  return { ownerId: row.owner_id, keyId: row.key_id, wrapped: row.wrapped };
}
