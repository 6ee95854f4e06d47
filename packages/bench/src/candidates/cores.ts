import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const TASKSET = '/usr/bin/taskset';
const SERVER_CORE = '0';
const LOAD_CORE = '1';

const canPin = existsSync(TASKSET) && availableParallelism() > 1;

/** How servers and load share the machine, as one sentence of the report. */
export const coresSentence = canPin
  ? `server pinned on core ${SERVER_CORE}, load on core ${LOAD_CORE}, of ${availableParallelism()}`
  : `NOT pinned: ${availableParallelism() > 1 ? `no ${TASKSET} here` : 'one core only, which server and load share'}`;

/** A command that runs on the servers' core, where there is one. */
export function onServerCore(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return canPin ? [TASKSET, '-c', SERVER_CORE, ...command] : command;
}

/** Moves this process, all of its threads, to the core of the load. */
export function moveToLoadCore(): void {
  if (canPin) spawnSync(TASKSET, ['-a', '-c', '-p', LOAD_CORE, String(process.pid)]);
}
