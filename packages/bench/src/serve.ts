import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { COMMAND, PROVIDER_ENVIRONMENT, PROVIDER_SETTINGS } from './candidates/calendar-connect.ts';
import { freePort, LOG_FILE, startServer } from './candidates/server-process.ts';
import { readCounts, writeSeeded } from './seed/seeded.ts';
import { openSeeder, type Seeder } from './seed/seeder.ts';

/** What the published command is started with, so that it has one route more. */
const SEED_ROUTE = new URL('../preloaded/seed-route.mjs', import.meta.url);

/** Made and written at once, so that the first lines come early and no answer has to be held whole. */
const LINES_AT_ONCE = 5000;

/** The published backend in a process of its own, with one route more. */
export interface BenchServing {
  /** What any load generator needs, by the names of the wire. */
  readonly announcement: {
    readonly url: string;
    readonly client_id: string;
    readonly client_secret: string;
    readonly redirect_uri: string;
    readonly code_verifier: string;
  };
  /** Resolves when the backend ends, told to or not, with what it logged. */
  ended(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts `calendar-connect serve` as it is published, on an empty database in a temporary folder, with
 * `POST /__bench/seed?codes=N&tokens=M` before its routes. That answers plain lines: `code C` and `tok ACCESS REFRESH`. They are made in this
 * process, as for the measurements.
 *
 * @throws Error `EADDRINUSE`; or with what the backend logged where it does not start
 */
export async function startBenchServing(port: number): Promise<BenchServing> {
  // First: whoever listens there would be taken for the backend.
  await freePort(port);
  const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-bench-'));
  const url = `http://localhost:${port}`;
  const close: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true })];
  const closeAll = async () => {
    for (const each of close.toReversed()) await each();
  };
  try {
    const seeder = await openSeeder({ ...PROVIDER_SETTINGS, data: folder, url });
    close.push(() => seeder.close());
    const seeds = await listenForSeeds(seeder);
    close.push(() => seeds.close());
    const server = await startServer({
      args: ['--import', SEED_ROUTE.href, COMMAND, 'serve', '--port', String(port), '--data', folder],
      port,
      folder,
      environment: { ...PROVIDER_ENVIRONMENT, BENCH_SEEDS_AT: seeds.url },
      // Where the load comes from is not known here.
      pinned: false,
    });
    close.push(() => server.stop());
    const { clientId, clientSecret, redirectUri, codeVerifier } = seeder.client;
    return {
      announcement: { url, client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri, code_verifier: codeVerifier },
      ended: () => server.ended.then(() => readFileSync(join(folder, LOG_FILE), 'utf8')),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Where the backend's process passes on who asks for codes and tokens. */
async function listenForSeeds(seeder: Seeder): Promise<{ readonly url: string; close(): Promise<void> }> {
  const port = await freePort();
  const server = createAdaptorServer({ fetch: createSeedApp(seeder).fetch }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

/** The only route that makes tokens out of nothing. It is in no other program than this one. */
function createSeedApp(seeder: Seeder): Hono {
  return new Hono().post('/__bench/seed', (c) => {
    const counts = readCounts(new URL(c.req.url).searchParams);
    if (counts === undefined) return c.text('codes, tokens: expected numbers from 0 to 1000000\n', 400);
    return c.body(ReadableStream.from(linesOf(seeder, counts)).pipeThrough(new TextEncoderStream()));
  });
}

async function* linesOf(seeder: Seeder, counts: { codes: number; tokens: number }): AsyncGenerator<string> {
  for (let left = counts.codes; left > 0; left -= LINES_AT_ONCE) {
    yield writeSeeded(await seeder.seed({ codes: Math.min(left, LINES_AT_ONCE), tokens: 0 }));
  }
  for (let left = counts.tokens; left > 0; left -= LINES_AT_ONCE) {
    yield writeSeeded(await seeder.seed({ codes: 0, tokens: Math.min(left, LINES_AT_ONCE) }));
  }
}
