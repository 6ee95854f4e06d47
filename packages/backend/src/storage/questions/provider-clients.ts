import type { QueryCreator, Selectable } from 'kysely';
import { prepared } from '../prepared.ts';
import { inTurn, maybeOne, one, type Question, rows, run } from '../question.ts';
import type { ProviderClientsTable, Schema } from '../schema.ts';

/** An OAuth client at a provider that an application brought along. */
export interface OwnProviderClient {
  readonly id: string;
  readonly applicationId: string;
  readonly provider: string;
  readonly clientId: string;
  /** Under the application's data key. */
  readonly secretSealed: string;
  /** Whether new connections use it. */
  readonly current: boolean;
}

function rowToOwnClient(row: Selectable<ProviderClientsTable>): OwnProviderClient | undefined {
  if (row.application_id === null || row.secret_sealed === null) return undefined;
  return {
    id: row.id,
    applicationId: row.application_id,
    provider: row.provider,
    clientId: row.client_id,
    secretSealed: row.secret_sealed,
    current: row.retired_at === null,
  };
}

/** The operator's own client at a provider. */
interface OperatorClient {
  /** Its id with us, where we meet it for the first time. */
  readonly candidateId: string;
  readonly provider: string;
  readonly clientId: string;
}

const addOperatorClient = prepared((db, { candidateId, provider, clientId }: OperatorClient) =>
  db
    .insertInto('provider_clients')
    .values({ id: candidateId, application_id: null, provider, client_id: clientId, secret_sealed: null, retired_at: null })
    .onConflict((conflict) => conflict.doNothing()),
);

const operatorClient = prepared((db, { provider, clientId }: Pick<OperatorClient, 'provider' | 'clientId'>) =>
  db
    .selectFrom('provider_clients')
    .select('id')
    .where('provider', '=', provider)
    .where('client_id', '=', clientId)
    .where('application_id', 'is', null),
);

/** Our id of the operator's own client at a provider; registers it when it is met for the first time. */
export function* ensureOperatorClient(db: QueryCreator<Schema>, client: OperatorClient): Question<string> {
  yield* run(addOperatorClient(db, client));
  return (yield* one(operatorClient(db, client))).id;
}

/** The client that an application's new connections at a provider use; `undefined`: the operator's. */
export function* findOwnClient(
  db: QueryCreator<Schema>,
  of: { readonly applicationId: string; readonly provider: string },
): Question<OwnProviderClient | undefined> {
  const row = yield* maybeOne(
    db
      .selectFrom('provider_clients')
      .selectAll()
      .where('application_id', '=', of.applicationId)
      .where('provider', '=', of.provider)
      .where('retired_at', 'is', null),
  );
  return row && rowToOwnClient(row);
}

/** An application's client by our id of it; `undefined` where it is the operator's, or gone. */
export function* findProviderClient(db: QueryCreator<Schema>, id: string): Question<OwnProviderClient | undefined> {
  const row = yield* maybeOne(db.selectFrom('provider_clients').selectAll().where('id', '=', id));
  return row && rowToOwnClient(row);
}

/** The clients of its own that an application uses now, by provider. */
export function* listOwnClients(db: QueryCreator<Schema>, applicationId: string): Question<OwnProviderClient[]> {
  const found = yield* rows(
    db
      .selectFrom('provider_clients')
      .selectAll()
      .where('application_id', '=', applicationId)
      .where('retired_at', 'is', null)
      .orderBy('provider'),
  );
  return found.flatMap((row) => rowToOwnClient(row) ?? []);
}

/** A client of its own that an application is to use from now on. */
export interface NewOwnClient {
  readonly candidateId: string;
  readonly applicationId: string;
  readonly provider: string;
  readonly clientId: string;
  /** Seals the secret for the row that it turns out to belong to. */
  readonly seal: (id: string) => string;
  readonly nowMs: number;
}

/**
 * Lets an application's new connections use a client of its own. Connections that were made with another one keep that: a refresh token works
 * with no other. The same client with a new secret is still the same.
 */
export function* useOwnClient(db: QueryCreator<Schema>, client: NewOwnClient): Question<void> {
  yield* inTurn(`provider_client:${client.applicationId}:${client.provider}`);
  yield* retireOwnClient(db, client);
  const known = yield* maybeOne(
    db
      .selectFrom('provider_clients')
      .select('id')
      .where('application_id', '=', client.applicationId)
      .where('provider', '=', client.provider)
      .where('client_id', '=', client.clientId),
  );
  const id = known?.id ?? client.candidateId;
  const current = { secret_sealed: client.seal(id), retired_at: null };
  yield* run(
    known === undefined
      ? db.insertInto('provider_clients').values({
          id,
          application_id: client.applicationId,
          provider: client.provider,
          client_id: client.clientId,
          ...current,
        })
      : db.updateTable('provider_clients').set(current).where('id', '=', id),
  );
}

/** Lets an application's new connections use the operator's client again. */
export function* retireOwnClient(
  db: QueryCreator<Schema>,
  client: { readonly applicationId: string; readonly provider: string; readonly nowMs: number },
): Question<void> {
  yield* run(
    db
      .updateTable('provider_clients')
      .set({ retired_at: client.nowMs })
      .where('application_id', '=', client.applicationId)
      .where('provider', '=', client.provider)
      .where('retired_at', 'is', null),
  );
}
