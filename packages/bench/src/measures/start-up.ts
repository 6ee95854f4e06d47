import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMAND, PROVIDER_ENVIRONMENT } from '../candidates/calendar-connect.ts';
import { BARE_HONO } from '../candidates/others.ts';
import { freePort, startServer } from '../candidates/server-process.ts';
import { residentBytes } from './resident-bytes.ts';
import { shuffled } from './statistics.ts';

/** Servers whose start is compared. */
export const STARTERS = ['calendar-connect', 'bare Hono + SQLite', 'bare Hono'] as const;

/** One of {@link STARTERS}. */
export type Starter = (typeof STARTERS)[number];

/** What each start measured, by server. */
export type Starts = Readonly<Record<Starter, { readonly startMs: number[]; readonly residentBytes: number[] }>>;

/** Memory is read when a server that has nothing to do has come to rest. */
const REST_MS = 1000;

/**
 * Starts each server again and again, in another order each time, on a database that is there already. One start before counts for none: it
 * makes the database, and brings the files into the system's cache.
 */
export async function measureStarts(times: number): Promise<Starts> {
  const starts: Starts = {
    'calendar-connect': { startMs: [], residentBytes: [] },
    'bare Hono + SQLite': { startMs: [], residentBytes: [] },
    'bare Hono': { startMs: [], residentBytes: [] },
  };
  const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-start-'));
  try {
    for (const starter of STARTERS) await startOnce(starter, folder);
    for (let time = 0; time < times; time += 1) {
      for (const starter of shuffled(STARTERS)) {
        const once = await startOnce(starter, folder);
        starts[starter].startMs.push(once.startMs);
        starts[starter].residentBytes.push(once.residentBytes);
      }
    }
    return starts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function startOnce(starter: Starter, folder: string): Promise<{ startMs: number; residentBytes: number }> {
  const port = await freePort();
  const command =
    starter === 'calendar-connect'
      ? { args: [COMMAND, 'serve', '--port', String(port), '--data', join(folder, 'data')], environment: PROVIDER_ENVIRONMENT }
      : { args: [BARE_HONO, JSON.stringify({ port, folder, sqlite: starter === 'bare Hono + SQLite' })] };
  const server = await startServer({ ...command, port, folder });
  await sleep(REST_MS);
  const measured = { startMs: server.startMs, residentBytes: residentBytes(server.pid) };
  await server.stop();
  return measured;
}
