import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { google } from '@calendar-connect/backend';
import { startGoogleEmulator } from '@calendar-connect/emulators';
import { getRequestListener } from '@hono/node-server';
import { listen } from '../on-this-computer/listen.ts';
import { directory, readPort, runExample, told } from '../on-this-computer/starting.ts';
import { createApp } from './app.ts';
import { createCalendar } from './calendar.ts';

const USAGE = `npm start -- self-hosted [--port N] [--data DIR]
  --port  the app's port (default 8080)
  --data  where the app keeps what it knows between runs (default .data/self-hosted)`;

/** Where the backend is mounted. */
const PATH = '/calendar';

async function start(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      data: { type: 'string', default: join(import.meta.dirname, '..', '..', '.data', 'self-hosted') },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  // From here on Ctrl-C, which reaches every process of a terminal, ends what runs in order and not in the middle.
  const toldToStop = told();
  const port = readPort('--port', values.port);
  const site = `http://alder.localhost:${port}`;
  const emulated = await startGoogle(`${site}${PATH}/connect/callback/google`);
  const calendar = await createCalendar({ site, path: PATH, data: resolve(values.data), providers: [emulated.provider] });
  try {
    const stop = await listen(getRequestListener(createApp(calendar, site).fetch), { port, flag: '--port' });
    process.stdout.write(`\n${instructions(site)}\n`);
    await toldToStop;
    stop();
  } finally {
    await calendar.close();
    await emulated.close();
  }
}

/** A Google that only exists on this computer. For the real one: `google({ clientId, clientSecret })`, and nothing else of this function. */
async function startGoogle(redirectUri: string) {
  const client = { clientId: 'emulated.apps.googleusercontent.com', clientSecret: `GOCSPX-${randomBytes(21).toString('base64url')}` };
  const { url, close } = await startGoogleEmulator({ clients: [{ ...client, redirectUris: [redirectUri], appName: 'Alder Rooms' }] });
  const endpoints = {
    issuer: url,
    authorization: `${url}/o/oauth2/v2/auth`,
    token: `${url}/token`,
    revocation: `${url}/revoke`,
    keys: `${url}/oauth2/v3/certs`,
    api: `${url}/`,
  };
  return { provider: google({ ...client, endpoints }), close };
}

function instructions(site: string): string {
  return `Alder Rooms is up, with Calendar Connect inside.

${directory([
  [site, 'sign in and press "Connect your calendar"'],
  [`${site}/.well-known/oauth-authorization-server${PATH}`, 'what the backend inside says of itself'],
])}

Pick Google, choose how much to share, then click an account and Allow: that Google only exists on this computer.
Ctrl-C ends it.`;
}

await runExample(start);
