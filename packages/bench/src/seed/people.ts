import { calendarsPlace, credentialPlace, writeCredential } from '../../../backend/src/accounts/sealed-places.ts';
import { writeCalendars } from '../../../backend/src/accounts/calendar-list.ts';
import type { Backend } from '../../../backend/src/backend.ts';
import type { NewConnection } from '../../../backend/src/storage/questions/connections.ts';
import type { NewSession } from '../../../backend/src/storage/questions/sessions.ts';
import { ID_PREFIX, issueToken } from '../../../backend/src/vault/issued-token.ts';
import { hashSecret, newId, newSecret } from '../../../backend/src/vault/secrets.ts';
import type { PartnerClient } from './partner-client.ts';

/** No code or connection of the benchmark expires while it runs, nor is one given back to a provider that nobody can reach. */
const LIFE_MS = 24 * 3600_000;

const PROVIDER = 'google';

/** Where people are made, and for which application. */
export interface Place {
  readonly backend: Backend;
  readonly client: PartnerClient;
}

/**
 * Connects a new person by the questions that a real connect asks, one after the other: a session, its trip to the provider, the pending
 * connection with a sealed credential and sealed calendars, and the code. Only the provider is left out.
 *
 * @returns the code, to be redeemed with the client's redirect URI and verifier.
 */
export async function connectPerson({ backend, client }: Place): Promise<string> {
  const { store } = backend;
  const nowMs = backend.now();
  const session = newSession(client, nowMs);
  await store.insertSession(session);
  await store.departToProvider({
    id: session.id,
    provider: PROVIDER,
    accessMode: 'full',
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
  await store.connectSession(newConnection(backend, session, nowMs));
  const code = issueToken(ID_PREFIX.code, nowMs);
  const given = await store.giveCode({
    id: code.id,
    secretHash: code.secretHash,
    sessionId: session.id,
    expiresAtMs: nowMs + LIFE_MS,
    nowMs,
  });
  if (given === undefined) throw new Error('a connected session gave no code');
  return code.text;
}

function newSession(client: PartnerClient, nowMs: number): NewSession {
  return {
    id: newId(ID_PREFIX.session, nowMs),
    applicationId: client.clientId,
    door: 'redirect',
    secretHash: undefined,
    claimHash: undefined,
    endUser: undefined,
    endUserName: undefined,
    origin: undefined,
    redirectUri: client.redirectUri,
    partnerState: 'state',
    codeChallenge: client.codeChallenge,
    scope: 'read_write',
    providers: [],
    accessModes: [],
    locale: undefined,
    browserHash: undefined,
    ticketHash: undefined,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + LIFE_MS,
    retryUntilMs: nowMs + LIFE_MS,
    purpose: 'calendar',
    forAccount: undefined,
    forProfile: undefined,
    changesProfile: undefined,
  };
}

function newConnection(backend: Backend, session: NewSession, nowMs: number): NewConnection {
  const subject = newId('', nowMs);
  const email = `person-${subject}@partner.example`;
  const accountId = newId(ID_PREFIX.account, nowMs);
  return {
    sessionId: session.id,
    provider: PROVIDER,
    providerClientId: operatorClientOf(backend),
    subject,
    accessMode: 'full',
    providerName: 'google',
    providerService: 'gsuite',
    name: email,
    email,
    candidate: {
      accountId,
      profileId: newId(ID_PREFIX.profile, nowMs),
      grantId: newId(ID_PREFIX.grant, nowMs),
      dataKey: backend.vault.createDataKey(accountId),
    },
    seal: (dataKey, id) => ({
      credential: backend.vault.seal(
        dataKey,
        credentialPlace({ id, applicationId: session.applicationId }),
        writeCredential(newCredential(nowMs)),
      ),
      calendars: backend.vault.seal(
        dataKey,
        calendarsPlace({ id, applicationId: session.applicationId }),
        writeCalendars([{ providerCalendarId: email, name: 'Work', primary: true, readonly: false, integratedConferencing: true }]),
      ),
    }),
    // In the future: a list that counts as old would be asked for at the provider, behind the answers that are measured.
    calendarsAtMs: nowMs + LIFE_MS,
    nowMs,
    pendingUntilMs: nowMs + LIFE_MS,
  };
}

/** As long as Google's are. */
function newCredential(nowMs: number) {
  return {
    accessToken: `ya29.${newSecret()}${newSecret()}${newSecret()}${newSecret()}`,
    accessTokenExpiresAtMs: nowMs + LIFE_MS,
    refreshToken: `1//${newSecret()}${newSecret()}`,
    grantedScopes: ['openid', 'email', 'https://www.googleapis.com/auth/calendar'],
    endsAtMs: undefined,
  };
}

function operatorClientOf(backend: Backend): string {
  const provider = backend.providers.get(PROVIDER);
  if (provider === undefined) throw new Error(`the backend has no provider ${PROVIDER}`);
  return provider.operatorClient.id;
}
