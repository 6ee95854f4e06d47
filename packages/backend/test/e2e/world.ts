import {
  createGoogleEmulator,
  createMicrosoftEmulator,
  type GoogleControl,
  type GoogleSwitches,
  type MicrosoftControl,
} from '@calendar-connect/emulators';
import { Hono } from 'hono';
import {
  type CalendarConnect,
  type CalendarConnectOptions,
  type ConferencingService,
  createCalendarConnect,
  google,
  type LogEntry,
  microsoft,
  openSqlite,
  type Provider,
} from '../../src/index.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { googleEndpointsAt } from '../support/google.ts';
import { KEYS } from '../support/world.ts';
import { type PartnerSite, openPartnerSite } from './partner-site.ts';
import { type Exchange, openSite, type Site } from './sites.ts';

export const AMIRA = 'amira@partner.example';
export const JONAS = 'jonas@gmail.example';

export const GOOGLE_CLIENT = {
  clientId: '123456789012-operator.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-secret-of-the-operator',
};

export const MICROSOFT_CLIENT = { clientId: '11111111-2222-4333-8444-555555555555', clientSecret: 'the~operators~secret~at~Microsoft' };

/** A partner's application and the secret that came with it. */
export interface RegisteredApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A partner's page, the backend, the emulated Google and the emulated Microsoft, each on a site of its own and answering real browsers. */
export interface World {
  readonly connect: CalendarConnect;
  readonly backend: Site;
  readonly googleSite: Site;
  readonly microsoftSite: Site;
  readonly google: GoogleControl;
  readonly microsoft: MicrosoftControl;
  readonly partner: PartnerSite;
  readonly application: RegisteredApplication;
  /** What the partner's server tells the functions of `@calendar-connect/partner`. */
  readonly credentials: { readonly issuer: string; readonly clientId: string; readonly clientSecret: string };
  /** Everything that browsers asked and got, at all sites. */
  readonly exchanges: readonly Exchange[];
  readonly log: readonly LogEntry[];
  /** Tokens that providers gave to the backend, and the backend's own secrets there. */
  readonly providerSecrets: ReadonlySet<string>;
  close(): Promise<void>;
}

/** What only some tests need. */
interface MoreOfWorld {
  readonly withMicrosoft?: boolean;
  /** What else can be chosen. */
  readonly providers?: readonly Provider[];
  /** The mail server. Default: no mail is sent. */
  readonly mail?: CalendarConnectOptions['mail'];
  /** The backend's clock. */
  readonly now?: () => number;
  /** Where meetings can be made. Default: nowhere. */
  readonly conferencing?: (at: { readonly backend: Site; readonly googleSite: Site }) => readonly ConferencingService[];
}

export async function createWorld(
  switches: Partial<GoogleSwitches> = {},
  { withMicrosoft = false, providers = [], mail, now, conferencing }: MoreOfWorld = {},
): Promise<World> {
  const exchanges: Exchange[] = [];
  const log: LogEntry[] = [];
  const providerSecrets = new Set([GOOGLE_CLIENT.clientSecret, MICROSOFT_CLIENT.clientSecret]);
  const [partnerSite, backend, googleSite, microsoftSite] = await Promise.all([
    openSite('partner', exchanges),
    openSite('connect', exchanges),
    openSite('google', exchanges),
    openSite('microsoft', exchanges),
  ]);
  const emulator = createGoogleEmulator({
    clients: [{ ...GOOGLE_CLIENT, redirectUris: [`${backend.origin}/connect/callback/google`], appName: 'Acme Scheduler' }],
    publicUrl: googleSite.origin,
    serverUrl: googleSite.serverUrl,
    switches,
  });
  googleSite.answerWith((request) => emulator.app.fetch(request));
  const microsoftEmulator = createMicrosoftEmulator({
    clients: [
      {
        ...MICROSOFT_CLIENT,
        redirectUris: [`${backend.origin}/connect/callback/microsoft`],
        appName: 'Acme Scheduler',
        permissions: { delegated: ['User.Read', 'Calendars.ReadWrite', 'Calendars.ReadBasic'] },
      },
    ],
    publicUrl: microsoftSite.origin,
    serverUrl: microsoftSite.serverUrl,
  });
  microsoftSite.answerWith((request) => microsoftEmulator.app.fetch(request));
  const connect = await createCalendarConnect({
    publicUrl: backend.origin,
    database: openSqlite({ file: ':memory:' }),
    keys: KEYS,
    providers: [
      googleAt(googleSite, providerSecrets),
      ...(withMicrosoft ? [microsoftAt(microsoftSite, providerSecrets)] : []),
      ...providers,
    ],
    conferencing: conferencing?.({ backend, googleSite }) ?? [],
    mail,
    log: (entry) => void log.push(entry),
    ...(now === undefined ? {} : { now }),
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
    microsoftSite,
    google: emulator.control,
    microsoft: microsoftEmulator.control,
    partner: openPartnerSite(partnerSite, { backend: backend.origin, clientId: application.id }),
    application: { clientId: application.id, clientSecret },
    credentials: { issuer: backend.serverUrl, clientId: application.id, clientSecret },
    exchanges,
    log,
    providerSecrets,
    close: async () => {
      await Promise.all([partnerSite.close(), backend.close(), googleSite.close(), microsoftSite.close()]);
      await connect.close();
    },
  };
}

/** Google as the backend knows it, with every token it is given written down. */
function googleAt({ origin, serverUrl }: Site, secrets: Set<string>) {
  return google({
    ...GOOGLE_CLIENT,
    endpoints: googleEndpointsAt(serverUrl, origin),
    outbound: rememberingOutbound(secrets),
  });
}

/** Microsoft, in the same way. */
function microsoftAt({ origin, serverUrl }: Site, secrets: Set<string>) {
  return microsoft({
    ...MICROSOFT_CLIENT,
    endpoints: { issuerOrigin: origin, authority: origin, tokenAuthority: serverUrl, graph: serverUrl },
    outbound: rememberingOutbound(secrets),
  });
}

function rememberingOutbound(secrets: Set<string>) {
  return createOutbound({
    fetch: async (url, init) => {
      const answer = await fetch(url, init);
      if (url.pathname.endsWith('/token')) rememberTokens(await answer.clone().json(), secrets);
      return answer;
    },
  });
}

function rememberTokens(body: unknown, secrets: Set<string>): void {
  for (const [name, value] of Object.entries(body ?? {})) {
    if (name.endsWith('_token') && typeof value === 'string') secrets.add(value);
  }
}
