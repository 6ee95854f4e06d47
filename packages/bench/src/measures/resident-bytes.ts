import { execFileSync } from 'node:child_process';

/** The memory that a process has in use, as the system counts it. */
export function residentBytes(pid: number): number {
  return 1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
}
