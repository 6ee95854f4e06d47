import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alone } from './alone.ts';

/** The third field of a process's line: `T` where it was stopped. */
const stateOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.slice(0, 1) ?? '';

describe.skipIf(process.platform !== 'linux')('what is measured alone', () => {
  let other: ChildProcess;
  let pid: number;

  beforeEach(async () => {
    other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log(1)'], { stdio: ['ignore', 'pipe', 'ignore'] });
    pid = other.pid ?? 0;
    if (other.stdout) await once(other.stdout, 'data');
  });
  afterEach(async () => {
    other.kill('SIGKILL');
    await once(other, 'exit');
  });

  it('has the other processes stand still, and go on afterwards', async () => {
    const stateMeanwhile = await alone([pid], async () => {
      await expect.poll(() => stateOf(pid)).toBe('T');
      return stateOf(pid);
    });
    expect(stateMeanwhile).toBe('T');
    await expect.poll(() => stateOf(pid)).not.toBe('T');
  });

  it('lets them go on where measuring failed', async () => {
    await expect(alone([pid], () => Promise.reject(new Error('a wrong answer')))).rejects.toThrow('a wrong answer');
    await expect.poll(() => stateOf(pid)).not.toBe('T');
  });
});
