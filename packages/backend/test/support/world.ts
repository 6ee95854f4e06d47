import {
  type GoogleControl,
  type MicrosoftControl,
  type RunningGoogleEmulator,
  type RunningMicrosoftEmulator,
  startGoogleEmulator,
  startMicrosoftEmulator,
} from '@calendar-connect/emulators';
import type { AccessMode } from '@calendar-connect/protocol';
import { Hono } from 'hono';
import {
  type CalendarConnect,
  type CalendarConnectOptions,
  type ConferencingService,
  createCalendarConnect,
  google,
  type LogEntry,
  microsoft,
  type Provider,
} from '../../src/index.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { type Browser, createBrowser } from './browser.ts';
import { createDatabase, type TestDatabase } from './databases.ts';
import { googleEndpointsAt } from './google.ts';

export const AMIRA = 'amira@partner.example';
export const JONAS = 'jonas@gmail.example';
export const PAGE_ORIGIN = 'https://app.partner.example';
export const CALLBACK = 'https://app.partner.example/calendar/callback';
export const OTHER_CALLBACK = 'https://app.partner.example/second/callback';
/** The operator's client at the emulator. */
export const GOOGLE_CLIENT = { clientId: '123456789012-operator.apps.googleusercontent.com', clientSecret: 'GOCSPX-operators-secret' };
export const MICROSOFT_CLIENT = { clientId: '11111111-2222-4333-8444-555555555555', clientSecret: 'the~operators~secret~at~Microsoft' };
/** The only key of a world. */
export const KEYS = `k1:${Buffer.from('a key of thirty-two bytes, no more').subarray(0, 32).toString('base64url')}`;

const START_MS = Date.UTC(2026, 10, 2, 9, 0, 0);
const PUBLIC_URL = 'https://connect.partner.example';

/** A partner's application and the secret that came with it. */
export interface RegisteredApplication {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** How a world begins. */
export interface WorldOptions {
  readonly publicUrl?: string;
  /** Where it is SQLite: default `memory`; `file` makes one in a temporary folder, which other backends may open too. */
  readonly database?: 'memory' | 'file';
  readonly accessModes?: readonly AccessMode[];
  /** Default: Google, at the emulator. */
  readonly providers?: (google: Provider, microsoft: Provider, microsoftByEws: Provider) => readonly Provider[];
  /** How long Google may take. Default 2000. */
  readonly timeoutMs?: number;
  /** What firewalls of others see. Default: nothing is said. */
  readonly egressAddresses?: readonly string[];
  /** The mail server. Default: no mail is sent. */
  readonly mail?: CalendarConnectOptions['mail'];
  /** Where meetings can be made, and where browsers find that. Default: nowhere. */
  readonly conferencing?: (at: MeetingPlaces) => { readonly services: readonly ConferencingService[]; readonly origins: readonly string[] };
}

/** What a conferencing service of a world is made with. */
export interface MeetingPlaces {
  readonly googleUrl: string;
  readonly microsoftUrl: string;
  readonly clock: Clock;
}

/** A backend that pages, servers and browsers can ask. */
export interface Reachable {
  readonly publicUrl: string;
  readonly application: RegisteredApplication;
  /** Sends a request to the backend, at a path below its public URL. */
  request(path: string, init?: RequestInit): Promise<Response>;
  browser(): Browser;
}

/** A backend in memory, the emulated Google on this computer, and nothing else. */
export interface World extends Reachable {
  readonly connect: CalendarConnect;
  /** Google, at the emulator: for a second backend. */
  readonly provider: Provider;
  readonly googleUrl: string;
  readonly google: GoogleControl;
  readonly microsoft: MicrosoftControl;
  readonly microsoftUrl: string;
  readonly clock: Clock;
  readonly log: readonly LogEntry[];
  readonly database: TestDatabase;
  /** Registers another application, with the same addresses. */
  register(changes?: Partial<Parameters<CalendarConnect['applications']['create']>[0]>): Promise<RegisteredApplication>;
  /** Another backend on the same database (`file`), with other providers: as after a restart with other settings. */
  restarted(providers: NonNullable<WorldOptions['providers']>): Promise<Reachable & { close(): Promise<void> }>;
  /** How often Google was asked at a path. */
  askedGoogle(path: string): number;
  close(): Promise<void>;
}

/** The time in a world. */
export interface Clock {
  readonly now: () => number;
  readonly pass: (time: { ms?: number; seconds?: number; minutes?: number; hours?: number }) => void;
}

function createClock(): Clock {
  let nowMs = START_MS;
  return {
    now: () => nowMs,
    pass: ({ ms = 0, seconds = 0, minutes = 0, hours = 0 }) => {
      nowMs += ms + 1000 * (seconds + 60 * (minutes + 60 * hours));
    },
  };
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const publicUrl = options.publicUrl ?? PUBLIC_URL;
  const clock = createClock();
  const log: LogEntry[] = [];
  const emulator = await startGoogleEmulator({
    clients: [{ ...GOOGLE_CLIENT, redirectUris: [`${publicUrl}/connect/callback/google`] }],
    now: clock.now,
  });
  const atMicrosoft = await startMicrosoftEmulator({
    clients: [
      {
        ...MICROSOFT_CLIENT,
        redirectUris: [`${publicUrl}/connect/callback/microsoft`],
        appName: 'Planner',
        permissions: { delegated: ['User.Read', 'Calendars.ReadWrite', 'Calendars.ReadBasic'] },
      },
    ],
    now: clock.now,
  });
  const database = await createDatabase(options.database);
  const reach = { clock, timeoutMs: options.timeoutMs ?? 2000 };
  const atGoogle = googleAt(emulator, reach);
  const meetings = options.conferencing?.({ googleUrl: emulator.url, microsoftUrl: atMicrosoft.url, clock });
  const open = (providers: WorldOptions['providers']): Promise<CalendarConnect> =>
    createCalendarConnect({
      publicUrl,
      database: database.open(),
      keys: KEYS,
      providers: providers?.(atGoogle, microsoftAt(atMicrosoft, reach), microsoftAt(atMicrosoft, reach, true)) ?? [atGoogle],
      conferencing: meetings?.services ?? [],
      mail: options.mail,
      egressAddresses: options.egressAddresses ?? [],
      log: (entry) => void log.push(entry),
      now: clock.now,
    });
  const connect = await open(options.providers);
  const register: World['register'] = async (changes = {}) => {
    const { application, clientSecret } = await connect.applications.create({
      name: 'Planner',
      redirectUris: [CALLBACK, OTHER_CALLBACK],
      origins: [PAGE_ORIGIN],
      ...(options.accessModes === undefined ? {} : { accessModes: options.accessModes }),
      ...changes,
    });
    return { clientId: application.id, clientSecret };
  };
  const application = await register();
  const reached = (host: Hono): Reachable => ({
    publicUrl,
    application,
    request: async (path, init) => host.request(`${publicUrl}${path}`, init),
    browser: () =>
      createBrowser((url, init) => {
        if (url.origin === new URL(publicUrl).origin) return Promise.resolve(host.request(url.href, init));
        const isOfTheWorld = [emulator.url, atMicrosoft.url, ...(meetings?.origins ?? [])].includes(url.origin);
        return isOfTheWorld ? fetch(url, init) : undefined;
      }),
  });
  return {
    ...reached(mounted(connect, publicUrl)),
    connect,
    provider: atGoogle,
    restarted: async (providers) => {
      const later = await open(providers);
      return { ...reached(mounted(later, publicUrl)), close: () => later.close() };
    },
    googleUrl: emulator.url,
    google: emulator.control,
    microsoft: atMicrosoft.control,
    microsoftUrl: atMicrosoft.url,
    clock,
    log,
    database,
    register,
    askedGoogle: (path) => emulator.control.requests.filter((request) => request.path === path).length,
    close: async () => {
      await connect.close();
      await Promise.all([emulator.close(), atMicrosoft.close()]);
      await database.drop();
    },
  };
}

/** Somebody's own app, with the backend at the path of its public URL. */
function mounted(connect: CalendarConnect, publicUrl: string): Hono {
  const path = new URL(publicUrl).pathname;
  return new Hono()
    .get('/', (c) => c.text('the partner’s own page'))
    .route('/', connect.wellKnown)
    .route(path, connect.app);
}

function googleAt({ url }: RunningGoogleEmulator, at: { clock: Clock; timeoutMs: number }): Provider {
  return google({
    ...GOOGLE_CLIENT,
    endpoints: googleEndpointsAt(url),
    outbound: createOutbound({ timeoutMs: at.timeoutMs }),
    now: at.clock.now,
  });
}

function microsoftAt({ url }: RunningMicrosoftEmulator, at: { clock: Clock; timeoutMs: number }, legacyEws = false): Provider {
  return microsoft({
    ...MICROSOFT_CLIENT,
    endpoints: { issuerOrigin: url, authority: url, tokenAuthority: url, graph: url, ews: `${url}/EWS/Exchange.asmx` },
    outbound: createOutbound({ timeoutMs: at.timeoutMs }),
    legacyEws,
    now: at.clock.now,
  });
}
