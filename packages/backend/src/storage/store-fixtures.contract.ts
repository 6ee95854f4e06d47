import type { DataKey } from './data-key-row.ts';
import type { Application } from './questions/applications.ts';
import type { Redeemed, Redemption } from './questions/codes.ts';
import type { NewConnection } from './questions/connections.ts';
import type { CredentialToGiveBack } from './questions/give-back.ts';
import type { GiveBack } from './give-back-work.ts';
import type { NewSession } from './questions/sessions.ts';
import type { AuthorizedAccount } from './questions/authorized-account.ts';
import type { Session } from './session-row.ts';
import type { Store } from './store.ts';

/** When everything in the contract happens. */
export const NOW = Date.UTC(2026, 10, 2, 9);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Makes a store on an empty, migrated database. */
export type MakeStore = () => Promise<Store>;

/** A credential that is to be given back, and the work item that says so. */
export type GivenBack = CredentialToGiveBack & { readonly what: GiveBack };

/** A store with what the contract's sentences speak of. */
export interface Scene {
  readonly store: Store;
  readonly application: Application;
  readonly providerClientId: string;
  /** A new id with this prefix, later than all before. */
  readonly id: (prefix: string) => string;
  readonly addApplication: () => Promise<Application>;
  readonly addSession: (changes?: Partial<NewSession>) => Promise<Session>;
  /** A session that is on its way to the provider, with the state hash `state-1`. */
  readonly addTrip: (changes?: Partial<NewSession>) => Promise<Session>;
  /** A session whose person is about to prove an address. */
  readonly addProof: (changes?: Partial<NewSession>) => Promise<Session>;
  readonly connection: (sessionId: string, changes?: Partial<NewConnection>) => NewConnection;
  /** A session whose connection waits to be redeemed. */
  readonly connect: (changes?: Partial<NewConnection>, session?: Partial<NewSession>) => Promise<Session>;
  /** A code of a connected session; its secret hash is its id. */
  readonly giveCode: (session: Session, nowMs?: number) => Promise<string>;
  readonly redemption: (codeId: string, changes?: Partial<Redemption>) => Redemption;
  /** What is to be given back at that time. */
  readonly toGiveBack: (nowMs: number) => Promise<readonly GivenBack[]>;
  /** Connects and redeems: a standing connection. */
  readonly stand: (changes?: Partial<NewConnection>, session?: Partial<NewSession>) => Promise<Standing>;
}

export interface Standing {
  readonly session: Session;
  readonly redeemed: Redeemed;
  readonly accessTokenId: string;
  /** The account as the access token shows it. */
  readonly account: (nowMs?: number) => Promise<AuthorizedAccount | undefined>;
}

export async function createScene(store: Store): Promise<Scene> {
  let made = 0;
  const id = (prefix: string): string => `${prefix}${Math.floor(NOW / 1000).toString(16)}${(made += 1).toString(16).padStart(16, '0')}`;
  const addApplication: Scene['addApplication'] = async () => {
    const application = newApplication(id('app_'));
    await store.insertApplication(application, dataKeyOf(application.id));
    return application;
  };
  const application = await addApplication();
  const providerClientId = await store.ensureOperatorClient({ candidateId: id('pcl_'), provider: 'google', clientId: 'operator' });
  const base = { store, application, providerClientId, id, addApplication };
  return { ...base, ...sessionSteps(base), ...connectionSteps(base), toGiveBack: (nowMs) => toGiveBack(store, nowMs) };
}

/** The leases end as soon as they begin, so that it can be asked again. */
async function toGiveBack(store: Store, nowMs: number): ReturnType<Scene['toGiveBack']> {
  const items = await store.leaseLanes({ by: 'contract', nowMs, untilMs: nowMs, limit: 100 });
  const known = await Promise.all(
    items.map(async ({ payload }) => {
      const what = payload as GiveBack;
      const credential = await store.credentialToGiveBack({
        what,
        nowMs,
        familyOf: (provider) => ({ services: [provider], grantGroup: (clientId) => clientId }),
      });
      return credential === undefined ? [] : [{ ...credential, what }];
    }),
  );
  return known.flat();
}

type Base = Pick<Scene, 'store' | 'application' | 'providerClientId' | 'id' | 'addApplication'>;

function sessionSteps({ store, application, providerClientId, id }: Base): Pick<Scene, 'addSession' | 'addTrip' | 'addProof'> {
  const addSession: Scene['addSession'] = async (changes = {}) => {
    const session = { ...newSession(id('ses_'), application.id), ...changes };
    await store.insertSession(session);
    return found(await store.findSession(session.id));
  };
  const addTrip: Scene['addTrip'] = async (changes) => {
    const session = await addSession(changes);
    await store.departToProvider({
      id: session.id,
      provider: 'google',
      accessMode: 'full',
      providerClientId,
      browserHash: 'browser-1',
      providerStateHash: 'state-1',
      providerNonce: 'nonce-1',
      providerStateSealed: 'state-sealed',
      providerVerifierSealed: 'sealed verifier',
      interaction: 'choose',
      nowMs: NOW,
    });
    return found(await store.findSession(session.id));
  };
  const addProof: Scene['addProof'] = async (changes) => {
    const { id } = await addSession(changes);
    await store.awaitCredentials({ id, browserHash: 'browser-1', provider: 'none', accessMode: 'no_access' });
    return found(await store.findSession(id));
  };
  return { addSession, addTrip, addProof };
}

function connectionSteps(base: Base): Pick<Scene, 'connection' | 'connect' | 'giveCode' | 'redemption' | 'stand'> {
  const { store, application, id } = base;
  const connection: Scene['connection'] = (sessionId, changes = {}) => ({ ...newConnection(base, sessionId), ...changes });
  const connect: Scene['connect'] = async (changes, session) => {
    const { addTrip, addProof } = sessionSteps(base);
    const { id } = await (changes?.accessMode === 'no_access' ? addProof : addTrip)(session);
    return found(await store.connectSession(connection(id, changes)));
  };
  const giveCode: Scene['giveCode'] = async (session, nowMs = NOW) => {
    const codeId = id('cod_');
    await store.giveCode({ id: codeId, secretHash: codeId, sessionId: session.id, expiresAtMs: nowMs + MINUTE, nowMs });
    return codeId;
  };
  const redemption: Scene['redemption'] = (codeId, changes = {}) => ({
    id: codeId,
    secretHash: codeId,
    applicationId: application.id,
    by: 'secret',
    codeChallenge: 'challenge-1',
    redirectUri: undefined,
    nowMs: NOW,
    auditId: id('aud_'),
    joinScopes: (first, second) => `${first} ${second}`,
    candidateGrantId: id('grn_'),
    deriveRefreshToken: ({ ownerId }, grantId) => ({ text: `token of ${grantId}`, secretHash: `${grantId} of ${ownerId}` }),
    ...changes,
  });
  const stand: Scene['stand'] = async (changes, session) => {
    const connected = await connect(changes, session);
    const codeId = await giveCode(connected);
    const accessTokenId = id('tok_');
    const accessToken = { id: accessTokenId, secretHash: accessTokenId, expiresAtMs: NOW + HOUR };
    const redeemed = found(await store.redeemCode(redemption(codeId, { accessToken, applicationId: connected.applicationId })));
    const account = (nowMs = NOW) => store.accountOfAccessToken({ id: accessTokenId, tokenHash: accessTokenId, nowMs });
    return { session: connected, redeemed, accessTokenId, account };
  };
  return { connection, connect, giveCode, redemption, stand };
}

/** Asks the same thing ten times at the same instant, and counts who got an answer. */
export async function winners(ask: () => Promise<unknown>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: 10 }, ask));
  return answers.filter((answer) => answer !== undefined && answer !== false).length;
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected an answer, received undefined');
  return value;
}

function dataKeyOf(ownerId: string): DataKey {
  return { ownerId, keyId: 'k1', wrapped: `wrapped key of ${ownerId}` };
}

function newApplication(id: string): Application {
  return {
    id,
    name: 'Planner',
    secretHash: `secret of ${id}`,
    redirectUris: ['https://app.example/cb'],
    origins: ['https://app.example'],
    accessModes: ['full', 'free_busy'],
    scope: 'free_busy_write',
    createdAtMs: NOW,
    notificationUrl: undefined,
    secretSealed: undefined,
    mailsApprovals: false,
    providers: [],
    defaultAccessMode: undefined,
    branding: { accentColor: undefined, privacyUrl: undefined },
    invitations: { organizerName: undefined, organizerEmail: undefined, replyTo: undefined },
  };
}

function newSession(id: string, applicationId: string): NewSession {
  return {
    id,
    applicationId,
    door: 'poll',
    secretHash: 'secret-1',
    claimHash: undefined,
    endUser: undefined,
    endUserName: undefined,
    origin: 'https://app.example',
    redirectUri: undefined,
    partnerState: undefined,
    codeChallenge: 'challenge-1',
    scope: 'free_busy_write',
    providers: ['google'],
    accessModes: ['full'],
    locale: undefined,
    browserHash: undefined,
    ticketHash: undefined,
    createdAtMs: NOW,
    expiresAtMs: NOW + HOUR,
    retryUntilMs: NOW + 4 * HOUR,
    purpose: 'calendar',
    forAccount: undefined,
    forProfile: undefined,
    changesProfile: undefined,
  };
}

function newConnection({ id, providerClientId }: Base, sessionId: string): NewConnection {
  const accountId = id('acc_');
  return {
    sessionId,
    provider: 'google',
    providerClientId,
    subject: 'subject-1',
    accessMode: 'full',
    providerName: 'google',
    providerService: 'gsuite',
    name: 'amira@partner.example',
    email: 'amira@partner.example',
    candidate: { accountId, profileId: id('pro_'), grantId: id('grn_'), dataKey: dataKeyOf(accountId) },
    seal: (dataKey, profileId) => ({
      credential: `credential of ${sessionId} for ${profileId} under ${dataKey.ownerId}`,
      calendars: `calendars of ${sessionId}`,
    }),
    calendarsAtMs: NOW,
    nowMs: NOW,
    pendingUntilMs: NOW + HOUR,
  };
}
