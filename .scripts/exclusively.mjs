// One command at a time: `npm start` and `npx calendar-connect …` may both find a fresh clone and want to install.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDirectory } from './workspace.mjs';

const pollMs = 200;
/** No install or build takes this long: a lock this old was left behind, even if its process id lives on as another program. */
const abandonedAfterMs = 20 * 60_000;

/** Runs `task` while no other command runs one under the same name. `waiting` is called once when it has to wait. */
export async function exclusively(name, task, waiting) {
  mkdirSync(cacheDirectory, { recursive: true });
  const lock = join(cacheDirectory, `${name}.lock`);
  let told = false;
  while (!take(lock)) {
    if (clearAway(lock)) continue;
    if (!told) waiting();
    told = true;
    await sleep(pollMs);
  }
  try {
    return await task();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Renaming a folder onto one that has files in it fails, so the lock appears together with its owner or not at all. */
function take(lock) {
  const token = randomUUID();
  const prepared = `${lock}.${token}`;
  mkdirSync(prepared);
  writeFileSync(join(prepared, 'owner'), `${process.pid} ${token}`);
  try {
    renameSync(prepared, lock);
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves a lock away whose owner is gone. Its new name is the owner's token and stays taken, so of two commands that
 * saw the same dead owner, the slower one cannot move away the lock that the faster one has since taken.
 */
function clearAway(lock) {
  try {
    const [pid, token] = readFileSync(join(lock, 'owner'), 'utf8').split(' ');
    if (isRunning(Number(pid)) && Date.now() - statSync(lock).mtimeMs < abandonedAfterMs) return false;
    renameSync(lock, `${lock}.abandoned.${token}`);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  }
  return true;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
