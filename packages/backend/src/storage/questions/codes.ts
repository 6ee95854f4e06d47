import type { Kysely, Selectable } from 'kysely';
import { insertAccessToken, type NewToken } from '../access-token-row.ts';
import { type Profile, rowToProfile } from '../profile-row.ts';
import { maybeOne, one, type Question, run } from '../question.ts';
import type { CodesTable, Schema } from '../schema.ts';
import { rowToSession, type Session } from '../session-row.ts';
import { type DataKey, findDataKey } from '../data-key-row.ts';
import { revokeGrant } from './tokens.ts';

/** Wrong PKCE verifiers before a code is burnt: a guesser gets nowhere, and a slip of the partner's does not deny the flow. */
const MAX_FAILED_ATTEMPTS = 5;

/** A code about to be given away. */
export interface NewCode extends NewToken {
  readonly sessionId: string;
  readonly nowMs: number;
}

/**
 * Gives a connected session's code away. A session with door `poll` may get another as long as none was redeemed, and the former dies;
 * one with door `redirect` gets one only, since it leaves in an address that a reload or the back button asks for again.
 */
export function* giveCode(db: Kysely<Schema>, code: NewCode): Question<Session | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set({ code_given_at: code.nowMs })
      .where('id', '=', code.sessionId)
      .where('state', '=', 'connected')
      .where('redeemed_at', 'is', null)
      .where('expires_at', '>', code.nowMs)
      .where((eb) => eb.or([eb('door', '=', 'poll'), eb('code_given_at', 'is', null)]))
      .returningAll(),
  );
  if (row === undefined || row.account_id === null || row.profile_id === null) return undefined;
  yield* run(db.deleteFrom('codes').where('session_id', '=', row.id).where('kind', '=', 'code').where('redeemed_at', 'is', null));
  yield* run(
    db.insertInto('codes').values({
      id: code.id,
      kind: 'code',
      secret_hash: code.secretHash,
      session_id: row.id,
      application_id: row.application_id,
      door: row.door,
      code_challenge: row.code_challenge,
      redirect_uri: row.redirect_uri,
      account_id: row.account_id,
      profile_id: row.profile_id,
      scope: row.scope,
      expires_at: code.expiresAtMs,
      failed_attempts: 0,
      redeemed_at: null,
    }),
  );
  return rowToSession(row);
}

/** What comes to redeem a code or a receipt, and what it is to get. */
export interface Redemption {
  readonly id: string;
  readonly secretHash: string;
  /** The application that authenticated itself, or that a page names. */
  readonly applicationId: string;
  /** `public`: a page, which has no secret, so the code must carry a challenge and must not be a receipt. */
  readonly by: 'secret' | 'public';
  /** S256 of the verifier that came along. */
  readonly codeChallenge: string | undefined;
  readonly redirectUri: string | undefined;
  readonly nowMs: number;
  /** Used only where the application has no grant on the account yet. */
  readonly candidateGrant: { readonly id: string; readonly refreshHash: string; readonly seal: (dataKey: DataKey) => string };
  readonly joinScopes: (first: string, second: string) => string;
  readonly accessToken?: NewToken;
  readonly receipt?: NewToken;
}

/** What a redemption gave. */
export interface Redeemed {
  readonly grant: { readonly id: string; readonly scope: string; readonly refreshSealed: string };
  readonly dataKey: DataKey;
  readonly accountId: string;
  readonly profile: Profile;
}

/**
 * Redeems a code or a receipt: once, by whom it was made for. All that is wrong with an attempt gets the same answer, `undefined`.
 *
 * The code is found by its row id and compared by hash in the statement: how far two hashes agree tells an attacker nothing that
 * brings them nearer to a preimage.
 */
export function* redeemCode(db: Kysely<Schema>, redemption: Redemption): Question<Redeemed | undefined> {
  const code = yield* maybeOne(
    db.selectFrom('codes').selectAll().where('id', '=', redemption.id).where('secret_hash', '=', redemption.secretHash),
  );
  if (code === undefined || code.application_id !== redemption.applicationId) return undefined;
  if (!isMeantFor(code, redemption)) return undefined;
  if (code.redeemed_at !== null) return yield* revokeAfterLateReuse(db, code, redemption);
  if (code.expires_at <= redemption.nowMs) return undefined;
  if (!(yield* verifierHolds(db, code, redemption))) return undefined;
  const won = yield* maybeOne(
    db
      .updateTable('codes')
      .set({ redeemed_at: redemption.nowMs })
      .where('id', '=', code.id)
      .where('redeemed_at', 'is', null)
      .returning('id'),
  );
  if (won === undefined) return undefined;
  const profile = code.kind === 'code' ? yield* makeReal(db, code, redemption.nowMs) : yield* findProfile(db, code.profile_id);
  if (profile === undefined) return undefined;
  return yield* grantAccess(db, { code, profile, redemption });
}

/**
 * A code that is used again within its own life was most likely sent twice by one client; used again later, with all that belongs to it,
 * somebody found it. A receipt lives so long that a second use means a slow server, and a wrong verifier must end nobody's connection.
 */
function* revokeAfterLateReuse(db: Kysely<Schema>, code: Selectable<CodesTable>, reuse: Redemption): Question<undefined> {
  const matches = (code.code_challenge ?? undefined) === reuse.codeChallenge;
  if (code.kind === 'receipt' || reuse.nowMs <= code.expires_at || !matches) return undefined;
  yield* revokeGrant(db, { applicationId: code.application_id, accountId: code.account_id });
  return undefined;
}

function isMeantFor(code: Selectable<CodesTable>, redemption: Redemption): boolean {
  // A receipt is not an authorization code: it left by no redirect, and SDKs that always send a redirect URI may redeem it too.
  if (code.kind === 'receipt') return redemption.by === 'secret';
  if (redemption.by === 'public' && (code.door !== 'poll' || code.code_challenge === null)) return false;
  return (code.redirect_uri ?? undefined) === redemption.redirectUri;
}

function* verifierHolds(db: Kysely<Schema>, code: Selectable<CodesTable>, redemption: Redemption): Question<boolean> {
  // A verifier for a code without a challenge is an attempt to downgrade (RFC 9700 §4.8.2).
  if ((code.code_challenge ?? undefined) === redemption.codeChallenge) return true;
  const attempts = code.failed_attempts + 1;
  yield* run(
    db
      .updateTable('codes')
      .set({ failed_attempts: attempts, ...(attempts >= MAX_FAILED_ATTEMPTS ? { expires_at: 0 } : {}) })
      .where('id', '=', code.id),
  );
  return false;
}

/** Turns a pending connection into a standing one, which takes over the new credential; not one that was cancelled and waits to be given back. */
function* makeReal(db: Kysely<Schema>, code: Selectable<CodesTable>, nowMs: number): Question<Profile | undefined> {
  const pending = yield* maybeOne(
    db.deleteFrom('pending_connections').where('session_id', '=', code.session_id).where('expires_at', '>', nowMs).returningAll(),
  );
  if (pending === undefined) return undefined;
  yield* run(db.updateTable('sessions').set({ redeemed_at: nowMs }).where('id', '=', code.session_id));
  if (pending.email !== null) yield* run(db.updateTable('accounts').set({ email: pending.email }).where('id', '=', code.account_id));
  const row = yield* one(
    db
      .updateTable('profiles')
      .set((eb) => ({
        status: 'connected',
        provider_client_id: pending.provider_client_id,
        provider_service: pending.provider_service,
        name: pending.name,
        credential_sealed: pending.credential_sealed,
        credential_version: eb('credential_version', '+', 1),
        calendars_sealed: pending.calendars_sealed,
        calendars_at: pending.calendars_at,
      }))
      .where('id', '=', pending.profile_id)
      .returningAll(),
  );
  return rowToProfile(row);
}

function* findProfile(db: Kysely<Schema>, id: string): Question<Profile | undefined> {
  const row = yield* maybeOne(db.selectFrom('profiles').selectAll().where('id', '=', id));
  return row && rowToProfile(row);
}

interface Access {
  readonly code: Selectable<CodesTable>;
  readonly profile: Profile;
  readonly redemption: Redemption;
}

/** The application's grant on the account, widened by what this code stands for, and the tokens that go with it. */
function* grantAccess(db: Kysely<Schema>, access: Access): Question<Redeemed | undefined> {
  const { code, redemption } = access;
  const dataKey = yield* findDataKey(db, code.account_id);
  const grant = yield* ensureGrant(db, access, dataKey);
  if (grant === undefined) return undefined;
  if (redemption.accessToken !== undefined) yield* insertAccessToken(db, grant.id, redemption.accessToken);
  if (redemption.receipt !== undefined) yield* insertReceipt(db, code, redemption.receipt);
  return {
    grant: { id: grant.id, scope: grant.scope, refreshSealed: grant.refresh_sealed },
    dataKey,
    accountId: code.account_id,
    profile: access.profile,
  };
}

function* ensureGrant(db: Kysely<Schema>, { code, redemption }: Access, dataKey: DataKey) {
  const standing = yield* maybeOne(
    db.selectFrom('grants').selectAll().where('application_id', '=', code.application_id).where('account_id', '=', code.account_id),
  );
  if (standing === undefined) {
    // What a receipt proves may have been revoked since: it must not come back to life.
    if (code.kind === 'receipt') return undefined;
    return yield* one(
      db
        .insertInto('grants')
        .values({
          id: redemption.candidateGrant.id,
          application_id: code.application_id,
          account_id: code.account_id,
          scope: code.scope,
          refresh_hash: redemption.candidateGrant.refreshHash,
          refresh_sealed: redemption.candidateGrant.seal(dataKey),
          created_at: redemption.nowMs,
        })
        .returningAll(),
    );
  }
  const scope = redemption.joinScopes(standing.scope, code.scope);
  if (scope !== standing.scope) yield* run(db.updateTable('grants').set({ scope }).where('id', '=', standing.id));
  return { ...standing, scope };
}

function* insertReceipt(db: Kysely<Schema>, code: Selectable<CodesTable>, receipt: NewToken): Question<void> {
  yield* run(
    db.insertInto('codes').values({
      ...code,
      id: receipt.id,
      kind: 'receipt',
      secret_hash: receipt.secretHash,
      code_challenge: null,
      redirect_uri: null,
      expires_at: receipt.expiresAtMs,
      failed_attempts: 0,
      redeemed_at: null,
    }),
  );
}
