import { ArgumentError, HELP, readArguments } from './arguments.ts';
import { measure } from './measure.ts';
import { startBenchServing } from './serve.ts';

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<void> {
  const wanted = readArguments(process.argv.slice(2));
  switch (wanted.command) {
    case 'help':
      return print(HELP);
    case 'serve': {
      const serving = await startBenchServing(wanted.port);
      print(JSON.stringify(serving.announcement));
      const logged = await Promise.race([told(), serving.ended()]);
      await serving.close();
      if (logged !== undefined) throw new Error(`the backend ended by itself:\n${logged}`);
      return;
    }
    case 'measure':
      return measure(wanted, { tell, print });
    default:
      return wanted satisfies never;
  }
}

/** Resolves at the first signal to stop. The handlers stay: a whole process group that is told to stop may tell us twice. */
function told(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(undefined));
  });
}

try {
  await main();
} catch (error) {
  tell(
    error instanceof ArgumentError
      ? `bench: ${error.message}\nSee npm run bench -- --help`
      : String(error instanceof Error ? (error.stack ?? error) : error),
  );
  process.exitCode = error instanceof ArgumentError ? 2 : 1;
}
