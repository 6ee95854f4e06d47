import type { Expression, ExpressionBuilder, QueryCreator, Selectable, SelectQueryBuilder, SqlBool } from 'kysely';
import type { Schema, SessionsTable } from './schema.ts';

// A connected session and its code are redeemed from the moment the pending connection is gone, and nothing else says so: an exchange would have
// to write the session's wide row and the code's besides. Measured: 9 µs of 84 in the database for the session; for the code one statement of
// eight, and 38 changed pages for 32 exchanges instead of 43. What is given back unredeemed goes together with the session's state. (The session's
// column `redeemed_at` of migration 1 is neither read nor written any longer.)

/** Where the connection of a session waits to be redeemed, or to be given back. */
export function hasPendingConnection(eb: ExpressionBuilder<Schema, 'sessions'>): Expression<SqlBool> {
  return eb.exists(
    eb
      .selectFrom('pending_connections')
      .select('pending_connections.session_id')
      .whereRef('pending_connections.session_id', '=', 'sessions.id'),
  );
}

/** A session's row, beside it the one of its connection where that is pending. */
export type SessionRow = Selectable<SessionsTable> & { readonly pending_session_id: string | null };

/** Sessions with what tells whether they are redeemed. */
export function selectSessions(db: QueryCreator<Schema>): SelectQueryBuilder<Schema, 'sessions', SessionRow> {
  return db
    .selectFrom('sessions')
    .selectAll('sessions')
    .select((eb) =>
      eb
        .selectFrom('pending_connections')
        .select('pending_connections.session_id')
        .whereRef('pending_connections.session_id', '=', 'sessions.id')
        .as('pending_session_id'),
    );
}
