import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './command.ts';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts';

/** A PostgreSQL server for tests. */
export interface PostgresServer {
  /** Of its database `postgres`, as a superuser. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Speed before safety: what these servers hold is thrown away, also after a crash. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'];

/**
 * Runs the server and waits until its standard input ends, which it does when whoever started it is gone, however that came about: no
 * server and no data outlive a run that was killed.
 */
const KEEPER = `
  exec 3<&0
  "$@" 3<&- & server=$!
  (read -r _ <&3; kill -INT $server) & reader=$!
  wait $server; ended=$?
  kill $reader 2>/dev/null
  rm -rf "$DATA"
  exit $ended`;

/** Starts a server of its own on a free port of this computer: about a second. @throws Error with what the server said */
export async function startPostgres(settings: readonly string[] = FAST): Promise<PostgresServer> {
  const binaries = findPostgres();
  const data = initialise(binaries);
  const port = await freePort();
  const options = [`listen_addresses=127.0.0.1`, 'unix_socket_directories=', 'max_connections=200', ...settings];
  const args = ['-D', data, '-p', String(port), ...options.flatMap((option) => ['-c', option])];
  const server = spawn('/bin/sh', ['-c', KEEPER, 'sh', join(binaries.folder, 'bin', 'postgres'), ...args], {
    ...binaries.runAs,
    cwd: '/',
    env: { ...environmentOf(binaries), DATA: data },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  await ready(server);
  const exited = once(server, 'exit');
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.stdin?.end();
      await exited;
    },
  };
}

function environmentOf({ folder }: PostgresBinaries): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', LD_LIBRARY_PATH: join(folder, 'lib') };
}

function initialise(binaries: PostgresBinaries): string {
  const data = mkdtempSync(join(tmpdir(), 'calendar-connect-pgdata-'));
  const { uid, gid } = binaries.runAs;
  if (uid !== undefined && gid !== undefined) chownSync(data, uid, gid);
  const args = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--locale=C', '--encoding=UTF8'];
  const { status, error, stderr } = spawnSync(join(binaries.folder, 'bin', 'initdb'), args, {
    ...binaries.runAs,
    cwd: '/',
    env: environmentOf(binaries),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`PostgreSQL's initdb failed: ${error?.message ?? stderr}`);
  return data;
}

async function ready(server: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${said}`)));
  });
  server.removeAllListeners('exit');
}
