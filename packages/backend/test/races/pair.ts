import { type RunningGoogleEmulator, startGoogleEmulator } from '@calendar-connect/emulators';
import type { Backend } from '../../src/backend.ts';
import { type BackendProcess, startBackendProcess } from '../support/backend-processes.ts';
import { createBrowser } from '../support/browser.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { GOOGLE_CLIENT, type Reachable, type RegisteredApplication } from '../support/world.ts';
import { type Line, openLine } from './http.ts';
import { openBeside, PUBLIC_URL } from './waiting-people.ts';

/** Two backends in processes of their own, on one database, and an emulated Google. */
export interface Pair {
  readonly database: TestDatabase;
  readonly emulator: RunningGoogleEmulator;
  readonly processes: readonly BackendProcess[];
  readonly lines: readonly Line[];
  /** A third one, in the test's process, which nobody asks over the network. */
  readonly beside: Backend;
  /** The n-th line, where there are always more: an even one leads to the first process. */
  line(n: number): Line;
  /** Counts rows. */
  count(table: string, condition?: string): Promise<number>;
  /** How often PostgreSQL had to end a transaction because two waited for each other: a second lost each time. */
  deadlocks(): Promise<number>;
  /** Everything that the processes have logged. */
  logged(): string;
  close(): Promise<void>;
}

/** @param now Google's clock. */
export async function startPair(now: () => number = Date.now): Promise<Pair> {
  const database = await createDatabase('file');
  const emulator = await startEmulator(now);
  const beside = await openBeside(database);
  const start = (): Promise<BackendProcess> => startBackendProcess(settingsFor(database, emulator));
  const processes = await Promise.all([start(), start()]);
  const lines = processes.map(({ url }) => openLine(url));
  const first = async (sql: string): Promise<number> => Number((await database.execute(sql))[0]?.['n']);
  return {
    database,
    emulator,
    processes,
    lines,
    beside,
    line: (n) => {
      const line = lines[n % lines.length];
      if (line === undefined) throw new Error('no process was started');
      return line;
    },
    count: (table, condition = '1 = 1') => first(`select count(*) as n from ${table} where ${condition}`),
    deadlocks: async () =>
      database.place !== undefined && 'url' in database.place
        ? first('select deadlocks as n from pg_stat_database where datname = current_database()')
        : 0,
    logged: () => processes.map((process) => process.logged()).join(''),
    close: async () => {
      for (const line of lines) line.close();
      await Promise.all(processes.map((process) => process.stop()));
      await beside.store.close();
      await emulator.close();
      await database.drop();
    },
  };
}

export function startEmulator(now: () => number = Date.now): Promise<RunningGoogleEmulator> {
  return startGoogleEmulator({ clients: [{ ...GOOGLE_CLIENT, redirectUris: [`${PUBLIC_URL}/connect/callback/google`] }], now });
}

/** The settings of a process; what it is told of the client's address is believed. */
export function settingsFor(database: TestDatabase, emulator: RunningGoogleEmulator): Parameters<typeof startBackendProcess>[0] {
  const { place } = database;
  if (place === undefined) throw new Error('the processes could not find the database');
  return { publicUrl: PUBLIC_URL, database: place, googleUrl: emulator.url, trustedProxies: ['loopback'] };
}

/** One of several processes as pages, servers and browsers of an application reach it. */
export function reach(process: BackendProcess, application: RegisteredApplication): Reachable {
  const request: Reachable['request'] = (path, init) => fetch(`${process.url}${path}`, init);
  return {
    publicUrl: PUBLIC_URL,
    application,
    request,
    browser: () =>
      createBrowser((url, init) => (url.origin === PUBLIC_URL ? request(`${url.pathname}${url.search}`, init) : fetch(url, init))),
  };
}
