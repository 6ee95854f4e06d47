import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { demoApplication, startBackend } from './backend.ts';
import { listen } from './listen.ts';
import { createPartnerServer } from './partner-server.ts';

const USAGE = `npm start [-- [--port N] [--partner-port N] [--data DIR]]
  --port          the backend's port (default 8787)
  --partner-port  the demo page's port (default 8080)
  --data          where the demo keeps what it knows between runs (default .data/demo)`;

async function start(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8787' },
      'partner-port': { type: 'string', default: '8080' },
      data: { type: 'string', default: '.data/demo' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  // Two sites, as in real life. Browsers know every name below localhost; programs do not, so servers say plain localhost.
  const page = `http://partner.localhost:${values['partner-port']}`;
  const backend = { publicUrl: `http://connect.localhost:${values.port}`, issuer: `http://localhost:${values.port}` };
  const data = resolve(values.data);
  const application = await demoApplication({ data, page });
  const partner = createPartnerServer({ ...backend, page, application });
  const closePage = await listen(partner, Number(values['partner-port']));
  const running = await startBackend({ ...backend, port: values.port, data });
  process.stdout.write(`\n${instructions(page, backend.publicUrl)}\n`);
  await Promise.race([told(), running.ended]);
  closePage();
  process.exitCode = await running.stop();
}

function instructions(page: string, publicUrl: string): string {
  return `Calendar Connect is up.

  ${page}          a partner's page: click "Connect your calendar"
  ${page}/person   the same for a person the partner's server names
  ${publicUrl}         the backend, on a site of its own

Pick Google, choose how much to share, then click an account and Allow: that Google only exists on this computer.
Ctrl-C ends it.`;
}

/** Resolves at the first signal to stop; the handlers stay, because a whole process group may be told twice. */
function told(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
}

try {
  await start();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
