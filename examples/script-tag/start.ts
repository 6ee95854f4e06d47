import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { demoApplication, startBackend } from './backend-process.ts';
import { listen } from './listen.ts';
import { createPartnerSite } from './server.ts';

const USAGE = `npm start [-- [--port N] [--partner-port N] [--data DIR]]
  --port          the backend's port (default 8787)
  --partner-port  the demo page's port (default 8080)
  --data          where the demo keeps what it knows between runs (default .data/demo)`;

async function start(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8787' },
      'partner-port': { type: 'string', default: '8080' },
      data: { type: 'string', default: join(import.meta.dirname, '..', '..', '.data', 'demo') },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  // From here on Ctrl-C, which reaches every process of a terminal, ends what runs in order and not in the middle.
  const toldToStop = told();
  const partnerPort = readPort('--partner-port', values['partner-port']);
  const port = readPort('--port', values.port);
  // Two sites, as in real life. Browsers know every name below localhost; programs do not, so servers say plain localhost: the backend
  // goes by its public URL and never by the name that it is called with.
  const page = `http://partner.localhost:${partnerPort}`;
  const backend = { publicUrl: `http://connect.localhost:${port}`, issuer: `http://localhost:${port}` };
  const data = resolve(values.data);
  const application = await demoApplication({ data, page });
  const closePage = await listen(createPartnerSite({ ...backend, page, application }), partnerPort);
  try {
    const running = await startBackend({ publicUrl: backend.publicUrl, port, data });
    process.stdout.write(`\n${instructions(page, backend.publicUrl)}\n`);
    await Promise.race([toldToStop, running.ended]);
    process.exitCode = await running.stop();
  } finally {
    closePage();
  }
}

function readPort(flag: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new Error(`${flag}: expected a number from 1 to 65535, received ${text}`);
  return port;
}

function instructions(page: string, publicUrl: string): string {
  const [width, rest] = [page.length + 10, 'a partner’s page: press "Connect your calendar"'];
  return `Calendar Connect is up.

  ${page.padEnd(width)}${rest}
  ${`${page}/person`.padEnd(width)}the same for a person whom the partner’s server names
  ${publicUrl.padEnd(width)}the backend, on a site of its own

Pick Google, choose how much to share, then click an account and Allow: that Google only exists on this computer.
Ctrl-C ends it.`;
}

/** Resolves at the first signal to stop; the handlers stay, because a whole process group may be told twice. */
function told(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

try {
  await start();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
