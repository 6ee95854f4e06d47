import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { exampleApplication, startBackend } from '../on-this-computer/backend-process.ts';
import { listen } from '../on-this-computer/listen.ts';
import { directory, readPort, runExample, told } from '../on-this-computer/starting.ts';
import { buildPage } from './build-page.ts';
import { createPartnerServer } from './server.ts';

const USAGE = `npm start -- npm-component [--port N] [--partner-port N] [--data DIR]
  --port          the backend's port (default 8787)
  --partner-port  the page's port (default 8080)
  --data          where the example keeps what it knows between runs (default .data/npm-component)`;

/** What `npx calendar-connect` runs where the backend is installed from npm. */
const command = fileURLToPath(new URL('../bin/calendar-connect.js', import.meta.resolve('@calendar-connect/backend')));

async function start(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8787' },
      'partner-port': { type: 'string', default: '8080' },
      data: { type: 'string', default: join(import.meta.dirname, '..', '..', '.data', 'npm-component') },
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
  // Two sites, as in real life. Browsers know every name below localhost; programs do not, so this server says plain localhost.
  const site = `http://partner.localhost:${partnerPort}`;
  const [publicUrl, issuer] = [`http://connect.localhost:${port}`, `http://localhost:${port}`];
  const data = resolve(values.data);
  const { client_id: clientId, client_secret: clientSecret } = await exampleApplication({ command, data, page: site });
  const page = join(data, 'page');
  await buildPage(page, { clientId, backend: publicUrl });
  const server = createPartnerServer({ site, page, publicUrl, credentials: { issuer, clientId, clientSecret } });
  const closePage = await listen(getRequestListener(server.fetch), { port: partnerPort, flag: '--partner-port' });
  try {
    const running = await startBackend({ command, publicUrl, port, data });
    process.stdout.write(`\n${instructions(site, publicUrl)}\n`);
    await Promise.race([toldToStop, running.ended]);
    process.exitCode = await running.stop();
  } finally {
    closePage();
  }
}

function instructions(site: string, publicUrl: string): string {
  return `Acme Scheduler is up, with the element in its bundle.

${directory([
  [site, 'a partner’s page: sign in and press "Connect your calendar"'],
  [publicUrl, 'the backend, on a site of its own'],
])}

Pick Google, choose how much to share, then click an account and Allow: that Google only exists on this computer.
Ctrl-C ends it.`;
}

await runExample(start);
