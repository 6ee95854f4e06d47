/** @throws Error naming the flag */
export function readPort(flag: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new Error(`${flag}: expected a number from 1 to 65535, received ${text}`);
  return port;
}

/** Resolves at the first signal to stop; the handlers stay, because a whole process group may be told twice. */
export function told(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

/** Lines up addresses and what is there. */
export function directory(lines: readonly (readonly [address: string, what: string])[]): string {
  const width = Math.max(...lines.map(([address]) => address.length)) + 3;
  return lines.map(([address, what]) => `  ${address.padEnd(width)}${what}`).join('\n');
}

/** Runs an example: what went wrong is one sentence, and its exit code 1. */
export async function runExample(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
