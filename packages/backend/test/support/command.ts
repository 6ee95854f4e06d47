import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/command/main.ts', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is called. */
export interface Call {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it finds on its standard input. Default: nothing. */
  readonly input?: string;
}

function start(args: readonly string[], { cwd, environment = {}, input }: Call): ChildProcess {
  // Only what the test names: a setting of whoever runs it must not decide how it ends.
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  const stdin = input === undefined ? 'ignore' : 'pipe';
  const child = spawn(process.execPath, ['--conditions=source', MAIN, ...args], { cwd, env, stdio: [stdin, 'pipe', 'pipe'] });
  child.stdin?.end(input);
  return child;
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], call: Call): Promise<Ended> {
  return ending(start(args, call));
}

async function ending(child: ChildProcess): Promise<Ended> {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const [stdout, stderr, [code]] = await Promise.all([readAll(child.stdout), readAll(child.stderr), exited]);
  return { code, stdout, stderr };
}

function readAll(stream: ChildProcess['stdout']): Promise<string> {
  if (stream === null) throw new Error('the command was started without a pipe');
  return text(stream);
}

/** A backend that runs in a process of its own. */
export interface ServingProcess {
  readonly port: number;
  /** What it printed until it answered. */
  readonly said: string;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Starts `serve` on a free port, and waits until it says that it answers. @throws Error with what it printed where it does not */
export async function startServe(args: readonly string[], call: Call, port?: number): Promise<ServingProcess> {
  const on = port ?? (await freePort());
  const child = start(['serve', '--port', String(on), ...args], call);
  const ended = ending(child);
  let said = '';
  const answers = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('answers at')) resolve();
    });
  });
  const early = await Promise.race([answers, ended]);
  if (early !== undefined) throw new Error(`serve ended with ${early.code}: ${early.stdout}${early.stderr}`);
  return {
    port: on,
    said,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

/** A port that nobody listens on, on either loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}
