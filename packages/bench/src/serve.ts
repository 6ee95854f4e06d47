import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { startServing } from '../../backend/src/command/serve.ts';
import { PROVIDER_SETTINGS } from './candidates/calendar-connect.ts';
import { readCounts, writeSeeded } from './seed/seeded.ts';
import { openSeeder, type Seeder } from './seed/seeder.ts';

/** Made and written at once, so that the first lines come early and no answer has to be held whole. */
const LINES_AT_ONCE = 5000;

/** The backend as `serve` starts it, with one route more. */
export interface BenchServing {
  /** What any load generator needs, by the names of the wire. */
  readonly announcement: {
    readonly url: string;
    readonly client_id: string;
    readonly client_secret: string;
    readonly redirect_uri: string;
    readonly code_verifier: string;
  };
  close(): Promise<void>;
}

/**
 * Starts the product's app alone, on an empty database in a temporary folder, with `POST /__bench/seed?codes=N&tokens=M` beside its routes. It
 * answers plain lines: `code C` and `tok ACCESS REFRESH`.
 */
export async function startBenchServing(port: number): Promise<BenchServing> {
  const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-bench-'));
  const url = `http://localhost:${port}`;
  const settings = { ...PROVIDER_SETTINGS, data: folder, url, port: String(port) };
  const close: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true })];
  const closeAll = async () => {
    for (const each of close.toReversed()) await each();
  };
  try {
    const seeder = await openSeeder(settings);
    close.push(() => seeder.close());
    const serving = await startServing(settings, false, (host) => addSeedRoute(host, seeder));
    close.push(() => serving.close());
    const { clientId, clientSecret, redirectUri, codeVerifier } = seeder.client;
    const announcement = { url, client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri, code_verifier: codeVerifier };
    return { announcement, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The only route that makes tokens out of nothing. It is in no other program than this one. */
function addSeedRoute(host: Hono, seeder: Seeder): void {
  host.post('/__bench/seed', (c) => {
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
