// What somebody's server does with the packages. Compiled, and run by plain Node.
import { randomBytes } from 'node:crypto';
import { createCalendarConnect, google, openSqlite, type CalendarConnect, type CalendarConnectOptions } from '@calendar-connect/backend';
import { createGoogleEmulator, type GoogleEmulator } from '@calendar-connect/emulators';
import { PartnerError, redeemReceipt, type Tokens } from '@calendar-connect/partner';
import { ACCESS_MODES, type AccessMode } from '@calendar-connect/protocol';
import { Hono } from 'hono';

const options: CalendarConnectOptions = {
  publicUrl: 'http://localhost:8787/calendar',
  database: openSqlite({ file: process.argv[2] ?? 'calendar-connect.db' }),
  keys: `first:${randomBytes(32).toString('base64url')}`,
  providers: [google({ clientId: '1-a.apps.googleusercontent.com', clientSecret: 'GOCSPX-a' })],
  log: (entry) => console.log(entry),
};
const connect: CalendarConnect = await createCalendarConnect(options);

interface HostEnv {
  Bindings: { region: string };
  Variables: { user: string };
}
const app: Hono = connect.app;
const host = new Hono<HostEnv>().route('/calendar', app).route('/', connect.wellKnown);

for (const path of ['/calendar/calendar-connect.js', '/calendar/healthz', '/.well-known/oauth-authorization-server/calendar']) {
  const { status } = await host.request(path);
  if (status !== 200) throw new Error(`${path}: expected 200 of the installed backend, received ${status}`);
}
await connect.close();

const emulator: GoogleEmulator = createGoogleEmulator({ clients: [] });
const mode: AccessMode = ACCESS_MODES[0];
console.log(emulator.control.users.length, mode);

/** Never called: only its types matter. */
export async function refreshTokenOf(receipt: string): Promise<string> {
  try {
    const tokens: Tokens = await redeemReceipt({ issuer: 'http://localhost:8787', clientId: 'app_1', clientSecret: 'secret', receipt });
    return tokens.refreshToken;
  } catch (error) {
    if (error instanceof PartnerError) console.error(error.code);
    throw error;
  }
}
