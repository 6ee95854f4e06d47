import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { exampleApplication, startBackend } from '../on-this-computer/backend-process.ts';
import { listen } from '../on-this-computer/listen.ts';
import { directory, readPort, runExample, told } from '../on-this-computer/starting.ts';
import { createPartnerSite } from './server.ts';

const USAGE = `npm start [-- [--port N] [--partner-port N] [--data DIR]]
  --port          the backend's port (default 8787)
  --partner-port  the demo page's port (default 8080)
  --data          where the demo keeps what it knows between runs (default .data/demo)`;

/** What `npx calendar-connect` runs. */
const command = fileURLToPath(new URL('../../.scripts/calendar-connect.mjs', import.meta.url));

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
  const application = await exampleApplication({ command, data, page, accessModes: ['full', 'free_busy', 'no_access'] });
  const running = await startBackend({ command, publicUrl: backend.publicUrl, port, data });
  try {
    const site = createPartnerSite({ ...backend, page, application, mailbox: running.mailbox });
    const closePage = await listen(getRequestListener(site.fetch), { port: partnerPort, flag: '--partner-port' });
    process.stdout.write(`\n${instructions(page, backend.publicUrl, running.mailbox)}\n`);
    await Promise.race([toldToStop, running.ended]);
    closePage();
  } finally {
    process.exitCode = await running.stop();
  }
}

function instructions(page: string, publicUrl: string, mailbox: string | undefined): string {
  return `Calendar Connect is up.

${directory([
  [page, 'a partner’s page: press "Connect your calendar"'],
  [`${page}/person`, 'the same for a person whom the partner’s server names'],
  [publicUrl, 'the backend, on a site of its own'],
  ...(mailbox === undefined ? [] : [[mailbox, 'the mails it sends: they are caught there, and none leaves this computer'] as const]),
])}

Pick Google or Microsoft and choose how much to share: both only exist on this computer. At Google click an account and Allow. At Microsoft
Lea and Jonas may accept for themselves; Amira's organisation wants its administrator, who is Noor: open the link for her in a private window.
With "Another calendar" type any address: its code is in the mailbox.
Ctrl-C ends it.`;
}

await runExample(start);
