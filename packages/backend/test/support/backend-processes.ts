import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DatabasePlace } from './database-place.ts';
import { GOOGLE_CLIENT, KEYS } from './world.ts';

const CHILD = fileURLToPath(new URL('backend-process.ts', import.meta.url));
/** Halves the time of every start but the first. */
const COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');

/** What a backend in a process of its own needs to know. */
export interface BackendProcessSettings {
  readonly publicUrl: string;
  readonly database: DatabasePlace;
  readonly googleUrl: string;
  readonly trustedProxies?: readonly string[];
}

/** The same, with what is alike for all: told, because the process would take long to load the module that knows it. */
export interface AllSettings extends BackendProcessSettings {
  readonly keys: string;
  readonly googleClient: typeof GOOGLE_CLIENT;
}

/** A backend in a process of its own. */
export interface BackendProcess {
  readonly url: string;
  /** Everything that it has logged. */
  readonly logged: () => string;
  /** Ends it, with SIGKILL in the middle of whatever it does. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A process that has loaded all it needs, or is about to, and has not opened the database yet. */
export interface PreparedBackendProcess {
  /** Lets it begin, and waits until it answers. @throws Error with what it printed where it does not */
  start(): Promise<BackendProcess>;
  /** Ends it where it is not needed any longer. */
  discard(): Promise<void>;
}

/** Starts a process that becomes a backend as soon as it is told to. */
export function prepareBackendProcess(settings: BackendProcessSettings): PreparedBackendProcess {
  const all: AllSettings = { ...settings, keys: KEYS, googleClient: GOOGLE_CLIENT };
  const child = spawn(process.execPath, ['--conditions=source', CHILD, JSON.stringify(all)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
  });
  const exited = once(child, 'exit');
  let logged = '';
  child.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()));
  // It ended before it was told to begin: `start` says so.
  child.stdin.on('error', () => undefined);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    start: async () => {
      child.stdin.write('start\n');
      const port = await Promise.race([portOf(child), exited.then(() => undefined)]);
      if (port === undefined) throw new Error(`the backend ended before it answered: ${logged}`);
      return { url: `http://127.0.0.1:${port}`, logged: () => logged, stop };
    },
    discard: () => stop('SIGKILL'),
  };
}

/** Starts a backend, and waits until it answers. @throws Error with what it printed where it does not */
export async function startBackendProcess(settings: BackendProcessSettings): Promise<BackendProcess> {
  return prepareBackendProcess(settings).start();
}

async function portOf(child: ChildProcess): Promise<number | undefined> {
  if (child.stdout === null) return undefined;
  for await (const line of createInterface(child.stdout)) return (JSON.parse(line) as { port: number }).port;
  return undefined;
}
