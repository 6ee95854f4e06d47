import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { CalendarConnectError } from '../errors.ts';
import { StorageError } from '../storage/storage-error.ts';
import { VaultError } from '../vault/vault-error.ts';
import { APPLICATION_FLAGS } from './application-flags.ts';
import { helpText } from './help.ts';
import { readSettings } from './settings.ts';
import { UsageError } from './usage-error.ts';

const FLAGS = {
  port: { type: 'string' },
  url: { type: 'string' },
  data: { type: 'string' },
  emulators: { type: 'boolean' },
  server: { type: 'string' },
  'user-name': { type: 'string' },
  'user-domain': { type: 'string' },
  'password-stdin': { type: 'boolean' },
  application: { type: 'string' },
  report: { type: 'string' },
  ...APPLICATION_FLAGS,
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args);
  const [command, ...words] = positionals;
  if (values.help || command === undefined || command === 'help') {
    process.stdout.write(helpText());
    return;
  }
  const settings = readSettings(values, process.env);
  // Each loads what it needs: --help shall not wait for a web server, nor a server for the rest.
  switch (command) {
    case 'serve': {
      const { serve } = await import('./serve.ts');
      return serve(settings, values.emulators ?? false);
    }
    case 'application': {
      const { application } = await import('./application.ts');
      process.stdout.write(`${await application(settings, words, values)}\n`);
      return;
    }
    case 'exchange': {
      const { exchangeServers } = await import('./exchange-servers.ts');
      process.stdout.write(`${await exchangeServers(settings, words, values)}\n`);
      return;
    }
    case 'doctor': {
      const { doctor } = await import('./doctor.ts');
      const { text, exitCode } = await doctor(settings, words, values);
      process.stdout.write(`${text}\n`);
      process.exitCode = exitCode;
      return;
    }
    default:
      throw new UsageError(`expected serve, application, exchange or doctor, received ${command}`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What can be mended gets its sentence; only a surprise shows where it happened. */
function explain(error: unknown): { text: string; exitCode: number } {
  if (error instanceof UsageError) return { text: `${error.message}\nSee calendar-connect --help`, exitCode: 2 };
  if (error instanceof CalendarConnectError || error instanceof VaultError || error instanceof StorageError) {
    return { text: `${error.message} (${error.code})`, exitCode: 1 };
  }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return { text: `Port ${String(error.port)} is taken by another program. Choose another with --port N or PORT=N.`, exitCode: 1 };
  }
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: 1 };
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const { text, exitCode } = explain(error);
  process.stderr.write(`calendar-connect: ${text}\n`);
  process.exitCode = exitCode;
}
