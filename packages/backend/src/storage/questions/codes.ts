import type { QueryCreator } from 'kysely';
import { insertAccessToken, type NewToken } from '../access-token-row.ts';
import type { ProfileSummary } from '../profile-row.ts';
import { maybeOne, one, type Question, run } from '../question.ts';
import type { Schema } from '../schema.ts';
import { rowToSession, type Session } from '../session-row.ts';
import {
  type FoundCode,
  type KeyAndGrant,
  markReceiptRedeemed,
  meetExchange,
  selectCode,
  selectCodeAsMade,
  selectKeyAndGrant,
  type TakenCode,
} from '../redeem-statements.ts';
import { type DataKey, findDataKey } from '../data-key-row.ts';
import type { AuditEvent } from '../audit-event.ts';
import { endGrant } from '../end-grant.ts';
import { fillGrant, insertGrant, RESERVED } from '../grant-row.ts';
import { connectPending, findProfile, makeReal, type RealConnection } from '../make-real.ts';
import { DERIVED } from '../derived-value.ts';
import { StorageError } from '../storage-error.ts';
import { hasPendingConnection } from '../redeemed-session.ts';
import { recordAudit } from './audit.ts';

/** Wrong PKCE verifiers before a code is burnt: a guesser gets nowhere, and a slip of the partner's does not deny the flow. */
const MAX_FAILED_ATTEMPTS = 5;

/** A code about to be given away. */
export interface NewCode extends NewToken {
  readonly sessionId: string;
  readonly nowMs: number;
}

/**
 * Gives a connected session's code away. A session with door `poll` may get another as long as none was redeemed, and the former dies;
 * one of another door gets one only, since it leaves in an address that a reload or the back button asks for again.
 */
export function* giveCode(db: QueryCreator<Schema>, code: NewCode): Question<Session | undefined> {
  const row = yield* maybeOne(
    db
      .updateTable('sessions')
      .set({ code_given_at: code.nowMs })
      .where('id', '=', code.sessionId)
      .where('state', '=', 'connected')
      .where(hasPendingConnection)
      .where('expires_at', '>', code.nowMs)
      .where((eb) => eb.or([eb('door', '=', 'poll'), eb('code_given_at', 'is', null)]))
      .returningAll(),
  );
  if (row === undefined || row.account_id === null || row.profile_id === null) return undefined;
  yield* run(db.deleteFrom('codes').where('session_id', '=', row.id).where('kind', '=', 'code'));
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
  // The code that the page had until now may be redeemed at this instant.
  yield* run(meetExchange(db, { sessionId: row.id }));
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
  /** The id of the audit event that tells what came of it. */
  readonly auditId: string;
  /** Used only where none is reserved: the account's former grant has ended, or a former version made the account. */
  readonly candidateGrantId: string;
  readonly deriveRefreshToken: (applicationKey: DataKey, grantId: string) => { readonly text: string; readonly secretHash: string };
  readonly joinScopes: (first: string, second: string) => string;
  readonly accessToken?: NewToken;
  readonly receipt?: NewToken;
}

/** What a redemption gave. */
export interface Redeemed {
  readonly grant: {
    readonly id: string;
    readonly scope: string;
    /** The same each time, for as long as the grant lives. Of one that is older than derived ones: as it was sealed. */
    readonly refreshToken: string | { readonly dataKey: DataKey; readonly sealed: string };
  };
  readonly accountId: string;
  readonly profile: ProfileSummary;
  /** What the profile had before waits to be given back. */
  readonly givesBack: boolean;
}

/**
 * Redeems a code or a receipt: once, by whom it was made for. All that is wrong with an attempt gets the same answer, `undefined`.
 *
 * The code is found by its row id and compared by hash in the statement: how far two hashes agree tells an attacker nothing that
 * brings them nearer to a preimage.
 */
export function* redeemCode(db: QueryCreator<Schema>, redemption: Redemption): Question<Redeemed | undefined> {
  const { id, secretHash, applicationId, nowMs, codeChallenge = null, redirectUri = null } = redemption;
  // What nearly every exchange is: the server that the code was made for, with exactly what it was made with.
  const asMade =
    redemption.by === 'secret'
      ? yield* maybeOne(selectCodeAsMade(db, { id, secretHash, applicationId, codeChallenge, redirectUri, nowMs }))
      : undefined;
  if (asMade === undefined) return yield* redeemAnother(db, redemption);
  const code = { ...asMade, id, kind: 'code', application_id: applicationId, profile_id: asMade.id };
  const real = yield* connectPending(db, { pending: asMade, code, nowMs });
  return yield* grantAccess(db, { ...real, code, standing: asMade, redemption });
}

/** Redeems what came otherwise than it was made: a receipt, the code of a page. Or writes down why not. */
function* redeemAnother(db: QueryCreator<Schema>, redemption: Redemption): Question<Redeemed | undefined> {
  const code = yield* takeOrSayWhyNot(db, redemption);
  if (code === undefined) return undefined;
  const real = code.kind === 'code' ? yield* makeReal(db, code, redemption.nowMs) : yield* findProfile(db, code.profile_id);
  if (real === undefined) return undefined;
  const standing = yield* one(selectKeyAndGrant(db, { applicationId: code.application_id, accountId: code.account_id }));
  return yield* grantAccess(db, { ...real, code, standing, redemption });
}

function* takeOrSayWhyNot(db: QueryCreator<Schema>, redemption: Redemption): Question<TakenCode | undefined> {
  const code = yield* maybeOne(selectCode(db, { id: redemption.id, secretHash: redemption.secretHash }));
  if (code === undefined || code.application_id !== redemption.applicationId) return undefined;
  if (!isMeantFor(code, redemption)) return undefined;
  if (isRedeemed(code)) return yield* noticeReuse(db, code, redemption);
  if (code.expires_at <= redemption.nowMs) {
    // For good: a clock that is set back must not bring it back to life.
    yield* run(db.updateTable('codes').set({ expires_at: 0 }).where('id', '=', code.id));
    yield* run(meetExchange(db, { sessionId: code.session_id }));
    return undefined;
  }
  if (!(yield* verifierHolds(db, code, redemption))) return undefined;
  if (code.kind === 'receipt') {
    yield* run(markReceiptRedeemed(db, { id: code.id, nowMs: redemption.nowMs }));
    return code;
  }
  // Not where its connection was cancelled or has expired and is given back, or was: then its next try is no reuse either.
  return (code.connection_waits_until ?? 0) > redemption.nowMs ? code : undefined;
}

/**
 * An exchange does not write the code: with its connection gone its session is redeemed, see redeemed-session.ts. A session is kept as long as
 * its codes. Only receipts bear a mark, and codes that a former version has exchanged.
 */
function isRedeemed(code: FoundCode): boolean {
  if (code.redeemed_at !== null) return true;
  return code.kind === 'code' && code.session_state === 'connected' && code.connection_waits_until === null;
}

/**
 * A code that is used again within its own life was most likely sent twice by one client; used again later, with all that belongs to it,
 * somebody found it. A receipt lives so long that a second use means a slow server, and a wrong verifier must end nobody's connection.
 */
function* noticeReuse(db: QueryCreator<Schema>, code: FoundCode, reuse: Redemption): Question<undefined> {
  const matches = (code.code_challenge ?? undefined) === reuse.codeChallenge;
  const revokes = code.kind === 'code' && reuse.nowMs > code.expires_at && matches;
  const { application_id: applicationId, account_id: accountId } = code;
  const ended = revokes ? yield* endGrant(db, { applicationId, accountId, nowMs: reuse.nowMs }) : undefined;
  yield* recordAudit(db, { ...auditOf(code, reuse), event: 'code_reused', detail: ended === undefined ? 'refused' : 'revoked' });
  return undefined;
}

function auditOf(code: TakenCode, redemption: Redemption): Omit<AuditEvent, 'event'> {
  return { id: redemption.auditId, applicationId: code.application_id, accountId: code.account_id, subjectId: code.id };
}

function isMeantFor(code: FoundCode, redemption: Redemption): boolean {
  // A receipt is not an authorization code: it left by no redirect, and SDKs that always send a redirect URI may redeem it too.
  if (code.kind === 'receipt') return redemption.by === 'secret';
  if (redemption.by === 'public' && (code.door === 'redirect' || code.code_challenge === null)) return false;
  // Who may have the code of a page's own return is proven by its verifier alone; a redirect URI that comes along has to be right all the same.
  if (code.door === 'return' && redemption.redirectUri === undefined) return code.code_challenge !== null;
  return (code.redirect_uri ?? undefined) === redemption.redirectUri;
}

function* verifierHolds(db: QueryCreator<Schema>, code: FoundCode, redemption: Redemption): Question<boolean> {
  // A verifier for a code without a challenge is an attempt to downgrade (RFC 9700 §4.8.2).
  if ((code.code_challenge ?? undefined) === redemption.codeChallenge) return true;
  const attempts = code.failed_attempts + 1;
  yield* run(
    db
      .updateTable('codes')
      .set({ failed_attempts: attempts, ...(attempts >= MAX_FAILED_ATTEMPTS ? { expires_at: 0 } : {}) })
      .where('id', '=', code.id),
  );
  yield* run(meetExchange(db, { sessionId: code.session_id }));
  yield* recordAudit(db, { ...auditOf(code, redemption), event: 'verifier_wrong', detail: `attempt ${attempts}` });
  return false;
}

interface Access extends RealConnection {
  readonly code: TakenCode;
  /** What the application has so far. */
  readonly standing: KeyAndGrant;
  readonly redemption: Redemption;
}

/** The application's grant on the account, widened by what this code stands for, and the tokens that go with it. */
function* grantAccess(db: QueryCreator<Schema>, access: Access): Question<Redeemed | undefined> {
  const { code, standing, redemption } = access;
  const applicationKey: DataKey = { ownerId: code.application_id, keyId: standing.key_id, wrapped: standing.wrapped };
  const grant = yield* standing.grant_id === null || standing.refresh_hash === RESERVED
    ? firstGrant(db, access, applicationKey)
    : widenGrant(db, { ...access, standing }, applicationKey);
  if (grant === undefined) return undefined;
  if (redemption.accessToken !== undefined) yield* insertAccessToken(db, grant.id, redemption.accessToken);
  if (redemption.receipt !== undefined) yield* insertReceipt(db, code, redemption.receipt);
  yield* recordAudit(db, {
    ...auditOf(code, redemption),
    event: redemption.accessToken === undefined ? 'receipt_issued' : 'tokens_issued',
    detail: grant.id,
  });
  return { grant, accountId: code.account_id, profile: access.profile, givesBack: access.givesBack };
}

function* firstGrant(
  db: QueryCreator<Schema>,
  { code, redemption, standing }: Access,
  applicationKey: DataKey,
): Question<Redeemed['grant'] | undefined> {
  // What a receipt proves may have been revoked since: it must not come back to life.
  if (code.kind === 'receipt') return undefined;
  const { application_id: applicationId, account_id: accountId, scope } = code;
  const id = standing.grant_id ?? redemption.candidateGrantId;
  const { text, secretHash: refreshHash } = redemption.deriveRefreshToken(applicationKey, id);
  const granted = { id, scope, refreshHash, nowMs: redemption.nowMs };
  yield* run(standing.grant_id === null ? insertGrant(db, { ...granted, applicationId, accountId }) : fillGrant(db, granted));
  return { id, scope, refreshToken: text };
}

function* widenGrant(
  db: QueryCreator<Schema>,
  { code, redemption, standing }: Access & { readonly standing: { readonly grant_id: string } },
  applicationKey: DataKey,
): Question<Redeemed['grant']> {
  const { grant_id: id, refresh_sealed: sealed } = standing;
  const scope = redemption.joinScopes(standing.grant_scope, code.scope);
  // Also where nothing of it changes: a revocation at the same instant must meet this row, or it would end the grant and miss the profile.
  if (code.kind === 'code' || scope !== standing.grant_scope) {
    yield* run(db.updateTable('grants').set({ scope }).where('id', '=', id));
  }
  if (sealed !== DERIVED) return { id, scope, refreshToken: { dataKey: yield* findDataKey(db, code.account_id), sealed } };
  const { text: refreshToken, secretHash } = redemption.deriveRefreshToken(applicationKey, id);
  // One that would not be taken again is not given away.
  if (secretHash !== standing.refresh_hash)
    throw new StorageError('corrupt', `The refresh token of ${id} is not the one that is derived for it.`);
  return { id, scope, refreshToken };
}

function* insertReceipt(db: QueryCreator<Schema>, code: TakenCode, receipt: NewToken): Question<void> {
  yield* run(
    db.insertInto('codes').values({
      id: receipt.id,
      kind: 'receipt',
      secret_hash: receipt.secretHash,
      session_id: code.session_id,
      application_id: code.application_id,
      door: code.door,
      code_challenge: null,
      redirect_uri: null,
      account_id: code.account_id,
      profile_id: code.profile_id,
      scope: code.scope,
      expires_at: receipt.expiresAtMs,
      failed_attempts: 0,
      redeemed_at: null,
    }),
  );
}
