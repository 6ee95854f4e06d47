import { writeCalendars } from '../../src/accounts/calendar-list.ts';
import { createApplications } from '../../src/accounts/applications.ts';
import { calendarsPlace, credentialPlace, writeCredential } from '../../src/accounts/sealed-places.ts';
import type { Backend } from '../../src/backend.ts';
import { google } from '../../src/index.ts';
import { challengeOf, newCodeVerifier } from '../../src/oauth/pkce.ts';
import { openBackend } from '../../src/open-backend.ts';
import type { NewConnection } from '../../src/storage/questions/connections.ts';
import { ID_PREFIX, issueToken } from '../../src/vault/issued-token.ts';
import { hashSecret, newId, newSecret } from '../../src/vault/secrets.ts';
import type { TestDatabase } from '../support/databases.ts';
import { GOOGLE_CLIENT, KEYS, PAGE_ORIGIN, type RegisteredApplication } from '../support/world.ts';

export const PUBLIC_URL = 'http://localhost:8787';

const HOUR_MS = 3600_000;
/** Their questions share a transaction for each step, where the database is SQLite. */
const AT_ONCE = 128;

/** Somebody who has connected a calendar, and whose code waits to be redeemed. */
export interface WaitingPerson {
  readonly code: string;
  readonly codeId: string;
  readonly verifier: string;
  readonly sessionId: string;
  /** What the page holds that shows this session. */
  readonly sessionSecret: string;
  readonly accountId: string;
}

/** Opens a backend that does no work of its own, beside those that run. */
export function openBeside(database: TestDatabase): Promise<Backend> {
  return openBackend({ publicUrl: PUBLIC_URL, database: database.open(), keys: KEYS, providers: [google(GOOGLE_CLIENT)] });
}

/** Registers an application whose page is {@link PAGE_ORIGIN}. */
export async function register(backend: Backend): Promise<RegisteredApplication> {
  const { application, clientSecret } = await createApplications(backend).create({
    name: 'Planner',
    redirectUris: [],
    origins: [PAGE_ORIGIN],
  });
  return { clientId: application.id, clientSecret };
}

/**
 * Lets people connect by the questions that a connect asks, one after the other; only their browsers and the provider are left out, because
 * they would take longer than what is tested. Their credentials are sealed as real ones are, and mean nothing to any provider.
 */
export async function connectPeople(backend: Backend, { clientId }: RegisteredApplication, count: number): Promise<WaitingPerson[]> {
  const people: WaitingPerson[] = [];
  while (people.length < count) {
    const group = Array.from({ length: Math.min(AT_ONCE, count - people.length) }, () => connectPerson(backend, clientId));
    people.push(...(await Promise.all(group)));
  }
  return people;
}

async function connectPerson(backend: Backend, applicationId: string): Promise<WaitingPerson> {
  const { store } = backend;
  const nowMs = backend.now();
  const verifier = newCodeVerifier();
  const sessionId = newId(ID_PREFIX.session, nowMs);
  const sessionSecret = newSecret();
  await store.insertSession({
    id: sessionId,
    applicationId,
    door: 'poll',
    secretHash: hashSecret(sessionSecret),
    claimHash: undefined,
    endUser: undefined,
    endUserName: undefined,
    origin: PAGE_ORIGIN,
    redirectUri: undefined,
    partnerState: undefined,
    codeChallenge: challengeOf(verifier),
    scope: 'free_busy_write',
    providers: ['google'],
    accessModes: ['free_busy'],
    locale: undefined,
    browserHash: undefined,
    ticketHash: undefined,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + HOUR_MS,
    retryUntilMs: nowMs + HOUR_MS,
    purpose: 'calendar',
    forAccount: undefined,
    forProfile: undefined,
    changesProfile: undefined,
  });
  await store.departToProvider({
    id: sessionId,
    provider: 'google',
    accessMode: 'free_busy',
    providerClientId: operatorClientOf(backend),
    browserHash: hashSecret(newSecret()),
    providerStateHash: hashSecret(newSecret()),
    // Read by the callback only, which nobody comes to here.
    providerStateSealed: 'none',
    providerNonce: newSecret(),
    providerVerifierSealed: 'none',
    interaction: 'choose',
    nowMs: Date.now(),
  });
  const session = await store.connectSession(newConnection(backend, { sessionId, applicationId, nowMs }));
  const code = issueToken(ID_PREFIX.code, nowMs);
  await store.giveCode({ id: code.id, secretHash: code.secretHash, sessionId, expiresAtMs: nowMs + HOUR_MS, nowMs });
  if (session?.accountId === undefined) throw new Error('the session did not become connected');
  return { code: code.text, codeId: code.id, verifier, sessionId, sessionSecret, accountId: session.accountId };
}

function newConnection(
  backend: Backend,
  { sessionId, applicationId, nowMs }: { sessionId: string; applicationId: string; nowMs: number },
): NewConnection {
  const { vault } = backend;
  const subject = newSecret();
  const accountId = newId(ID_PREFIX.account, nowMs);
  const credential = {
    accessToken: newSecret(),
    accessTokenExpiresAtMs: nowMs + HOUR_MS,
    refreshToken: newSecret(),
    grantedScopes: [],
    endsAtMs: undefined,
  };
  return {
    sessionId,
    provider: 'google',
    providerClientId: operatorClientOf(backend),
    subject,
    accessMode: 'free_busy',
    providerName: 'google',
    providerService: 'gmail',
    name: `${subject}@partner.example`,
    email: `${subject}@partner.example`,
    candidate: {
      accountId,
      profileId: newId(ID_PREFIX.profile, nowMs),
      grantId: newId(ID_PREFIX.grant, nowMs),
      dataKey: vault.createDataKey(accountId),
    },
    seal: (dataKey, id) => ({
      credential: vault.seal(dataKey, credentialPlace({ id, applicationId }), writeCredential(credential)),
      calendars: vault.seal(dataKey, calendarsPlace({ id, applicationId }), writeCalendars([])),
    }),
    // Late, so that no answer asks the provider for them again.
    calendarsAtMs: nowMs + HOUR_MS,
    nowMs,
    pendingUntilMs: nowMs + HOUR_MS,
  };
}

function operatorClientOf(backend: Backend): string {
  const provider = backend.providers.get('google');
  if (provider === undefined) throw new Error('the backend has no provider google');
  return provider.operatorClient.id;
}
