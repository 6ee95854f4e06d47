import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onServerCore } from './cores.ts';

/** A server to start. */
export interface ServerCommand {
  /** What Node runs, with its flags and arguments. */
  readonly args: readonly string[];
  readonly port: number;
  /** Its working directory; what it logs goes to a file there, as an operator's would. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it runs on the servers' core, where there is one. Default: yes. */
  readonly pinned?: boolean;
}

/** A server in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when it ends, by itself or because it was stopped. */
  readonly ended: Promise<unknown>;
  /** From starting the process to its first 200 on `/healthz`. */
  readonly startMs: number;
  stop(): Promise<void>;
}

/** What a server logs, in its folder. */
export const LOG_FILE = 'server.log';

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5000;

/** Starts a server and waits until it answers. @throws Error with what it logged where it does not */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const logFile = join(command.folder, LOG_FILE);
  const log = openSync(logFile, 'a');
  const begin = performance.now();
  const node = [process.execPath, ...command.args] as const;
  const [file, ...args] = command.pinned === false ? node : onServerCore(node);
  // Nothing of the environment of whoever runs the benchmark may decide what is measured. Its input says nothing, and ends when we do.
  const child = spawn(file, args, { cwd: command.folder, env: { ...command.environment }, stdio: ['pipe', log, log] });
  closeSync(log);
  const ended = once(child, 'exit');
  const startMs = await answering(child, command.port, begin);
  if (startMs === undefined || child.pid === undefined) {
    child.kill('SIGKILL');
    throw new Error(`a server did not start:\n${command.args.join(' ')}\n${readFileSync(logFile, 'utf8')}`);
  }
  return { pid: child.pid, startMs, ended, stop: () => stop(child) };
}

async function answering(child: ChildProcess, port: number, begin: number): Promise<number | undefined> {
  while (child.exitCode === null && performance.now() - begin < START_LIMIT_MS) {
    if (await isHealthy(port)) return performance.now() - begin;
    await sleep(1);
  }
  return undefined;
}

/** One question on one connection: a client of a library would take longer than what is to be measured. */
function isHealthy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'));
    socket.on('data', (chunk) => {
      resolve(chunk.toString('latin1').startsWith('HTTP/1.1 200'));
      socket.destroy();
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exited;
  clearTimeout(kill);
}

/** A port that nobody listens on: the one wanted, or any. @throws Error `EADDRINUSE` where somebody listens on the one wanted */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  return address.port;
}
