/**
 * Measures while other processes stand still, and lets them go on afterwards. A Node that has nothing to do is not quiet: some seconds after it was
 * busy V8 collects its garbage, which takes 30 ms of the core that it shares with the one that is measured.
 *
 * @param others Process ids.
 */
export async function alone<T>(others: readonly number[], measure: () => Promise<T>): Promise<T> {
  // Windows cannot.
  if (process.platform === 'win32') return measure();
  try {
    for (const pid of others) process.kill(pid, 'SIGSTOP');
    return await measure();
  } finally {
    others.forEach(goOn);
  }
}

function goOn(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It has ended meanwhile. The others are to go on all the same, and what failed is to be told.
  }
}
