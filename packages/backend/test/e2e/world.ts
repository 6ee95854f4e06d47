import { createGoogleEmulator, type GoogleControl, type GoogleSwitches } from '@calendar-connect/emulators';
import { Hono } from 'hono';
import { type CalendarConnect, createCalendarConnect, google, type LogEntry, openSqlite } from '../../src/index.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { KEYS } from '../support/world.ts';
import { type PartnerSite, openPartnerSite } from './partner-site.ts';
import { type Exchange, openSite, type Site } from './sites.ts';

export const AMIRA = 'amira@partner.example';
export const JONAS = 'jonas@gmail.example';

const GOOGLE_CLIENT = { clientId: '123456789012-operator.apps.googleusercontent.com', clientSecret: 'GOCSPX-secret-of-the-operator' };

/** A partner's application and the secret that came with it. */
export interface RegisteredApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A partner's page, the backend and the emulated Google, each on a site of its own and answering real browsers. */
export interface World {
  readonly connect: CalendarConnect;
  readonly backend: Site;
  readonly googleSite: Site;
  readonly google: GoogleControl;
  readonly partner: PartnerSite;
  readonly application: RegisteredApplication;
  /** What the partner's server tells the functions of `@calendar-connect/partner`. */
  readonly credentials: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  /** Everything that browsers asked and got, at all three sites. */
  readonly exchanges: readonly Exchange[];
  readonly log: readonly LogEntry[];
  /** Tokens that Google gave to the backend, and the backend's own secret there. */
  readonly googleSecrets: ReadonlySet<string>;
  close(): Promise<void>;
}

export async function createWorld(switches: Partial<GoogleSwitches> = {}): Promise<World> {
  const exchanges: Exchange[] = [];
  const log: LogEntry[] = [];
  const googleSecrets = new Set([GOOGLE_CLIENT.clientSecret]);
  const [partnerSite, backend, googleSite] = await Promise.all([
    openSite('partner', exchanges),
    openSite('connect', exchanges),
    openSite('google', exchanges),
  ]);
  const emulator = createGoogleEmulator({
    clients: [{ ...GOOGLE_CLIENT, redirectUris: [`${backend.origin}/connect/callback/google`], appName: 'Acme Scheduler' }],
    publicUrl: googleSite.origin,
    serverUrl: googleSite.serverUrl,
    switches,
  });
  googleSite.answerWith((request) => emulator.app.fetch(request));
  const connect = await createCalendarConnect({
    publicUrl: backend.origin,
    database: openSqlite({ file: ':memory:' }),
    keys: KEYS,
    providers: [googleAt(googleSite, googleSecrets)],
    log: (entry) => void log.push(entry),
  });
  backend.answerWith(new Hono().route('/', connect.wellKnown).route('/', connect.app).fetch);
  const { application, clientSecret } = await connect.applications.create({
    name: 'Acme Scheduler',
    redirectUris: [`${partnerSite.origin}/callback`],
    origins: [partnerSite.origin],
  });
  return {
    connect,
    backend,
    googleSite,
    google: emulator.control,
    partner: openPartnerSite(partnerSite, { backend: backend.origin, clientId: application.id }),
    application: { clientId: application.id, clientSecret },
    credentials: { issuer: backend.serverUrl, clientId: application.id, clientSecret },
    exchanges,
    log,
    googleSecrets,
    close: async () => {
      await Promise.all([partnerSite.close(), backend.close(), googleSite.close()]);
      await connect.close();
    },
  };
}

/** Google as the backend knows it, with every token it is given written down. */
function googleAt({ origin, serverUrl }: Site, secrets: Set<string>) {
  return google({
    ...GOOGLE_CLIENT,
    endpoints: {
      issuer: origin,
      authorization: `${origin}/o/oauth2/v2/auth`,
      token: `${serverUrl}/token`,
      revocation: `${serverUrl}/revoke`,
      keys: `${serverUrl}/oauth2/v3/certs`,
      api: `${serverUrl}/`,
    },
    outbound: createOutbound({
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        if (url.pathname === '/token') rememberTokens(await answer.clone().json(), secrets);
        return answer;
      },
    }),
  });
}

function rememberTokens(body: unknown, secrets: Set<string>): void {
  for (const [name, value] of Object.entries(body ?? {})) {
    if (name.endsWith('_token') && typeof value === 'string') secrets.add(value);
  }
}
