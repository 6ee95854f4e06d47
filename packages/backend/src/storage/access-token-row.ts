import type { Kysely } from 'kysely';
import { type Question, run } from './question.ts';
import type { Schema } from './schema.ts';

/** An opaque token about to be issued: its row id, and the hash of its secret. */
export interface NewToken {
  readonly id: string;
  readonly secretHash: string;
  readonly expiresAtMs: number;
}

export function* insertAccessToken(db: Kysely<Schema>, grantId: string, token: NewToken): Question<void> {
  yield* run(
    db.insertInto('access_tokens').values({ id: token.id, grant_id: grantId, token_hash: token.secretHash, expires_at: token.expiresAtMs }),
  );
}
