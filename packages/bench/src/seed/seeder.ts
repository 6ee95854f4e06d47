import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createApplications } from '../../../backend/src/accounts/applications.ts';
import { redeemForTokens } from '../../../backend/src/accounts/redeem.ts';
import type { Backend } from '../../../backend/src/backend.ts';
import { openHome } from '../../../backend/src/command/home.ts';
import { providersFrom } from '../../../backend/src/command/providers.ts';
import type { Settings } from '../../../backend/src/command/settings.ts';
import { challengeOf, newCodeVerifier } from '../../../backend/src/oauth/pkce.ts';
import { openBackend } from '../../../backend/src/open-backend.ts';
import { connectPerson, type Place } from './people.ts';
import { settle } from './settle.ts';
import { type PartnerClient, REDIRECT_URI } from './partner-client.ts';
import type { SeedCounts, Seeded, TokenPair } from './seeded.ts';

/** Makes codes and tokens in the database of a backend, which may be running meanwhile. */
export interface Seeder {
  readonly client: PartnerClient;
  seed(counts: SeedCounts): Promise<Seeded>;
  close(): Promise<void>;
}

/** People connected at once: their questions share one transaction for each step, and memory stays flat. */
const AT_ONCE = 256;

/** Opens the data folder that `serve` is given too, with an application of the benchmark's own. */
export async function openSeeder(settings: Settings & { readonly url: string }): Promise<Seeder> {
  const home = openHome(settings);
  const backend = await openBackend({
    publicUrl: settings.url,
    database: home.database,
    keys: home.keys,
    providers: providersFrom(settings).providers,
  });
  // A connection besides the store's, which hands none out.
  const database = new DatabaseSync(join(home.folder, 'calendar-connect.db'));
  const place: Place = { backend, client: await registerClient(backend) };
  return {
    client: place.client,
    seed: async ({ codes, tokens }) => {
      const seeded = {
        codes: await inGroups(codes, () => connectPerson(place)),
        tokens: await inGroups(tokens, () => standingTokens(place)),
      };
      settle(database);
      return seeded;
    },
    close: async () => {
      database.close();
      await backend.store.close();
    },
  };
}

async function registerClient(backend: Backend): Promise<PartnerClient> {
  const { application, clientSecret } = await createApplications(backend).create({
    name: 'Benchmark',
    redirectUris: [REDIRECT_URI],
    origins: [],
  });
  const codeVerifier = newCodeVerifier();
  return { clientId: application.id, clientSecret, redirectUri: REDIRECT_URI, codeVerifier, codeChallenge: challengeOf(codeVerifier) };
}

async function standingTokens(place: Place): Promise<TokenPair> {
  const { client, backend } = place;
  const tokens = await redeemForTokens(backend, {
    code: await connectPerson(place),
    applicationId: client.clientId,
    codeVerifier: client.codeVerifier,
    redirectUri: client.redirectUri,
  });
  if (tokens === undefined) throw new Error('a code that was just made is not redeemed');
  return { access: tokens.accessToken, refresh: tokens.refreshToken };
}

async function inGroups<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  while (made.length < count) {
    const group = Math.min(AT_ONCE, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: group }, make))));
  }
  return made;
}
