import type { QueryCreator, Selectable } from 'kysely';
import { maybeOne, type Question, rows, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import type { DomainServersTable } from '../sign-in-tables.ts';

/** How people of a domain call themselves to its server. */
export type UserNameForm = 'address' | 'local_part' | 'own';

/** Whose domain's server is meant, and for which application: what one application learns no other is shown. */
export interface DomainServerKey {
  readonly applicationId: string;
  readonly provider: string;
  /** In the letters of the DNS. */
  readonly mailDomain: string;
}

/** A server that people of a mail domain use. */
export interface DomainServer extends DomainServerKey {
  readonly ewsUrl: string;
  /** `waiting`: for the operator's yes. */
  readonly state: 'usable' | 'waiting';
  /** `rule`: the operator has named its host; `operator`: this is what they named. */
  readonly vouchedBy: 'domain' | 'operator' | 'rule' | 'person';
  readonly userNameDomain: string | undefined;
  readonly userNameForm: UserNameForm;
  readonly offersNtlm: boolean;
  readonly evidence: string;
  /** Or when the operator added it. */
  readonly firstUsedAtMs: number;
  readonly lastUsedAtMs: number;
  /** `undefined`: never. */
  readonly expiresAtMs: number | undefined;
}

function rowToDomainServer(row: Selectable<DomainServersTable>): DomainServer {
  return {
    applicationId: row.application_id,
    provider: row.provider,
    mailDomain: row.mail_domain,
    ewsUrl: row.ews_url,
    // Only what is written below stands there.
    state: row.state as DomainServer['state'],
    vouchedBy: row.vouched_by as DomainServer['vouchedBy'],
    userNameDomain: row.user_name_domain ?? undefined,
    userNameForm: row.user_name_form as UserNameForm,
    offersNtlm: row.offers_ntlm === 1,
    evidence: row.evidence,
    firstUsedAtMs: row.first_used_at,
    lastUsedAtMs: row.last_used_at,
    expiresAtMs: row.expires_at ?? undefined,
  };
}

/**
 * What the servers of a mail domain are, without those that have expired: those that the operator named, the newest first, and then those that
 * people use, the oldest first. Nobody comes before a server of their colleagues by signing in at another one.
 */
export function* findDomainServers(
  db: QueryCreator<Schema>,
  { applicationId, provider, mailDomain, nowMs }: DomainServerKey & { readonly nowMs: number },
): Question<readonly DomainServer[]> {
  const found = yield* rows(
    db
      .selectFrom('domain_servers')
      .selectAll()
      .where('application_id', '=', applicationId)
      .where('provider', '=', provider)
      .where('mail_domain', '=', mailDomain)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', nowMs)]))
      .orderBy((eb) => eb.case().when('vouched_by', '=', 'operator').then(0).else(1).end())
      .orderBy((eb) => eb.case().when('vouched_by', '=', 'operator').then(eb.ref('first_used_at')).end(), 'desc')
      .orderBy('first_used_at')
      .orderBy('ews_url'),
  );
  return found.map(rowToDomainServer);
}

/** Everything that is remembered, for the operator: of one application, or of all. */
export function* listDomainServers(db: QueryCreator<Schema>, of: { readonly applicationId?: string }): Question<readonly DomainServer[]> {
  const { applicationId } = of;
  const found = yield* rows(
    db
      .selectFrom('domain_servers')
      .selectAll()
      .$if(applicationId !== undefined, (query) => query.where('application_id', '=', applicationId ?? ''))
      .orderBy('application_id')
      .orderBy('mail_domain')
      .orderBy('ews_url'),
  );
  return found.map(rowToDomainServer);
}

/** What somebody's connection has shown of a server. */
export type ServerUse = Omit<DomainServer, 'firstUsedAtMs' | 'lastUsedAtMs'> & { readonly nowMs: number };

/** More than an operator reads, and one person could type without end. */
const MAX_WAITING = 20;

/**
 * Remembers that somebody has used a server, or uses it still. What the operator has said of it stays, and what user names look like there;
 * what waits for them goes on waiting, unless the domain itself vouches for it. A server that has offered NTLM once has for ever, or until it is
 * forgotten. Of those that wait, the 20 of a mail domain that were used last are kept.
 */
export function* rememberServer(db: QueryCreator<Schema>, use: ServerUse): Question<void> {
  const learned = {
    user_name_domain: use.userNameDomain ?? null,
    user_name_form: use.userNameForm,
    offers_ntlm: use.offersNtlm ? 1 : 0,
    evidence: use.evidence,
    last_used_at: use.nowMs,
  };
  const standing = { state: use.state, vouched_by: use.vouchedBy, expires_at: use.expiresAtMs ?? null };
  yield* run(
    db
      .insertInto('domain_servers')
      .values({
        application_id: use.applicationId,
        provider: use.provider,
        mail_domain: use.mailDomain,
        ews_url: use.ewsUrl,
        first_used_at: use.nowMs,
        ...learned,
        ...standing,
      })
      .onConflict((conflict) =>
        conflict.columns(['application_id', 'provider', 'mail_domain', 'ews_url']).doUpdateSet((eb) => {
          const saidByOperator = eb('domain_servers.vouched_by', '=', 'operator');
          const offeredBefore = eb.ref('domain_servers.offers_ntlm');
          return {
            ...learned,
            user_name_domain: eb
              .case()
              .when(saidByOperator)
              .then(eb.ref('domain_servers.user_name_domain'))
              .else(learned.user_name_domain)
              .end(),
            user_name_form: eb.case().when(saidByOperator).then(eb.ref('domain_servers.user_name_form')).else(learned.user_name_form).end(),
            offers_ntlm: eb.case().when('domain_servers.offers_ntlm', '=', 1).then(offeredBefore).else(learned.offers_ntlm).end(),
            state: eb.case().when(saidByOperator).then(eb.ref('domain_servers.state')).else(standing.state).end(),
            vouched_by: eb.case().when(saidByOperator).then(eb.ref('domain_servers.vouched_by')).else(standing.vouched_by).end(),
            expires_at: eb.case().when(saidByOperator).then(eb.ref('domain_servers.expires_at')).else(standing.expires_at).end(),
          };
        }),
      ),
  );
  if (use.state === 'waiting') yield* forgetOldestWaiting(db, use);
}

function* forgetOldestWaiting(db: QueryCreator<Schema>, { applicationId, provider, mailDomain }: DomainServerKey): Question<void> {
  const waiting = { application_id: applicationId, provider, mail_domain: mailDomain, state: 'waiting' };
  const newest = db
    .selectFrom('domain_servers')
    .select('ews_url')
    .where((eb) => eb.and(waiting))
    .orderBy('last_used_at', 'desc')
    .orderBy('ews_url')
    .limit(MAX_WAITING);
  yield* run(
    db
      .deleteFrom('domain_servers')
      .where((eb) => eb.and(waiting))
      .where('ews_url', 'not in', newest),
  );
}

/** One of the servers of a mail domain. */
export interface NamedServer extends DomainServerKey {
  readonly ewsUrl: string;
}

/** What the operator says of a server that nobody has used yet. */
export interface ServerOfOperator extends NamedServer {
  readonly userNameDomain: string | undefined;
  readonly userNameForm: UserNameForm;
  readonly nowMs: number;
}

/** Adds a server on the operator's word, in the place of what was known of it. */
export function* addServerOfOperator(db: QueryCreator<Schema>, server: ServerOfOperator): Question<void> {
  const said = {
    state: 'usable',
    vouched_by: 'operator',
    user_name_domain: server.userNameDomain ?? null,
    user_name_form: server.userNameForm,
    evidence: 'added by the operator',
    first_used_at: server.nowMs,
    expires_at: null,
  };
  yield* run(
    db
      .insertInto('domain_servers')
      .values({
        application_id: server.applicationId,
        provider: server.provider,
        mail_domain: server.mailDomain,
        ews_url: server.ewsUrl,
        offers_ntlm: 0,
        last_used_at: server.nowMs,
        ...said,
      })
      .onConflict((conflict) => conflict.columns(['application_id', 'provider', 'mail_domain', 'ews_url']).doUpdateSet(said)),
  );
}

/** Lets a server be used on the operator's word. Answers whether there is one. */
export function* allowServer(db: QueryCreator<Schema>, server: NamedServer): Question<boolean> {
  const row = yield* maybeOne(
    db
      .updateTable('domain_servers')
      .set({ state: 'usable', vouched_by: 'operator', expires_at: null })
      .where((eb) => eb.and(keyOf(server)))
      .returning('ews_url'),
  );
  return row !== undefined;
}

/** Forgets a server; `learnedOnly`: unless it is the operator who named it. Answers whether there was one. */
export function* forgetServer(db: QueryCreator<Schema>, server: NamedServer & { readonly learnedOnly?: boolean }): Question<boolean> {
  const row = yield* maybeOne(
    db
      .deleteFrom('domain_servers')
      .where((eb) => eb.and(keyOf(server)))
      .$if(server.learnedOnly === true, (query) => query.where('vouched_by', '!=', 'operator'))
      .returning('ews_url'),
  );
  return row !== undefined;
}

/** Forgets what nobody has used for long. */
export function* forgetExpiredServers(db: QueryCreator<Schema>, { nowMs }: { readonly nowMs: number }): Question<void> {
  yield* run(db.deleteFrom('domain_servers').where('expires_at', '<=', nowMs));
}

function keyOf({ applicationId, provider, mailDomain, ewsUrl }: NamedServer) {
  return { application_id: applicationId, provider, mail_domain: mailDomain, ews_url: ewsUrl };
}
