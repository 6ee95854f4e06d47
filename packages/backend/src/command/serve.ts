import { flushCompileCache } from 'node:module';
import { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';
import { createCalendarConnect } from '../calendar-connect.ts';
import { parsePublicUrl } from '../public-url.ts';
import { parseTrustedProxies } from '../trusted-proxies.ts';
import { keepBufferPoolShort } from './buffer-pool.ts';
import { conferencingFrom, type ConferencingSetup } from './conferencing.ts';
import { startEmulatedProviders } from './emulated-providers.ts';
import { openHome } from './home.ts';
import { type Listening, listen } from './listen.ts';
import { mailOptionsFrom, notesWithoutMail } from './mail-settings.ts';
import { egressAddressesFrom, networkFrom, noteOnProxies, requireProxyInFront, trustedProxiesFrom } from './network-settings.ts';
import { providersFrom, type ProviderSetup } from './providers.ts';
import { readPort, type Settings } from './settings.ts';
import { boundYoungGeneration } from './young-generation.ts';

/** When what V8 has compiled is kept for the next start: what the start needs is still there then, and the first requests are through. */
const KEEP_COMPILED_AFTER_MS = 10_000;

/** A backend that serves. */
interface Serving {
  readonly publicUrl: string;
  /** What the operator should know, a sentence each. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** What was started is stopped again if the rest cannot start. */
async function startServing(settings: Settings, emulated: boolean): Promise<Serving> {
  const port = readPort(settings);
  const publicUrl = parsePublicUrl(settings.url ?? `http://localhost:${port}`);
  requireProxyInFront(settings);
  const outbound = networkFrom(settings, emulated);
  const trustedProxies = trustedProxiesFrom(settings);
  const configuredMail = mailOptionsFrom(settings, emulated);
  const home = openHome(settings);
  const started: (() => Promise<void>)[] = [() => home.database.close()];
  const close = async () => {
    for (const stop of started.toReversed()) await stop();
  };
  try {
    const setup = emulated
      ? await startEmulatedProviders(publicUrl.issuer, settings)
      : { ...configured(settings), mail: undefined, close: async () => undefined };
    const mail = setup.mail ?? configuredMail;
    started.push(() => setup.close());
    const connect = await createCalendarConnect({
      publicUrl: publicUrl.issuer,
      database: home.database,
      keys: home.keys,
      providers: setup.providers,
      conferencing: setup.conferencing,
      outbound,
      egressAddresses: egressAddressesFrom(settings),
      mail,
      trustedProxies,
      adminKey: settings.adminKey,
    });
    started.push(() => connect.close());
    // Itself where it is at the root: as part of another app, each of its handlers gets an error handler of its own, for every request.
    const host =
      publicUrl.basePath === ''
        ? connect.app
        : new Hono({ router: new TrieRouter() }).route('/', connect.wellKnown).route(publicUrl.basePath, connect.app);
    // A health check from inside knows nothing of the path that the proxy in front puts the backend under.
    if (publicUrl.basePath !== '') host.get('/healthz', (c) => connect.app.request('/healthz', c.req.raw));
    const listening: Listening = await listen(host, { port, host: settings.host, trustedProxies: parseTrustedProxies(trustedProxies) });
    started.push(() => listening.close());
    const notes = [
      ...home.notes,
      ...setup.notes,
      ...noteOnProxies(publicUrl.issuer, settings),
      ...(mail === undefined ? notesWithoutMail(await connect.applications.list()) : []),
    ];
    return { publicUrl: publicUrl.issuer, notes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the settings switch on, and what they lack for the rest. */
function configured(settings: Settings): ProviderSetup & ConferencingSetup {
  const [calendars, meetings] = [providersFrom(settings), conferencingFrom(settings)];
  return { ...calendars, ...meetings, notes: [...calendars.notes, ...meetings.notes] };
}

/** `calendar-connect serve`: until it is told to stop. */
export async function serve(settings: Settings, emulated: boolean): Promise<void> {
  const serving = await startServing(settings, emulated);
  for (const note of serving.notes) process.stdout.write(`${note}\n`);
  process.stdout.write(`Calendar Connect answers at ${serving.publicUrl}\n`);
  // Node would do so at the end only, and not at all where the process is killed. It does it once; the next starts find all there.
  setTimeout(flushCompileCache, KEEP_COMPILED_AFTER_MS).unref();
  keepBufferPoolShort();
  boundYoungGeneration();
  await told();
  await serving.close();
}

/** Resolves at the first signal to stop. The handlers stay: a whole process group that is told to stop may tell us twice. */
function told(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
}
