import { randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import { exchangeHandler } from '@calendar-connect/partner';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import { parse } from 'hono/utils/cookie';
import { accountOf, type Connection, type Credentials, revoke } from '../script-tag/partner-api.ts';
import type { Account, Visitor } from './src/partner-server.ts';

/** Where everything is. */
export interface PartnerServerOptions {
  /** Our own address. */
  readonly site: string;
  /** The folder of the bundled page. */
  readonly page: string;
  /** The backend, as browsers reach it. */
  readonly publicUrl: string;
  /** The backend, as this server reaches it, and our application there. */
  readonly credentials: Credentials;
}

/** Somebody who is signed in. What they connected is kept here on the server, by account: an app of yours puts it into its database. */
interface Person {
  readonly name: string;
  readonly connections: Map<string, Connection>;
}

const SESSION = 'session';

/** A partner's server: its bundled page, its sign-in, and the endpoint that the element brings its code to. */
export function createPartnerServer({ site, page, publicUrl, credentials }: PartnerServerOptions): Hono {
  const app = new Hono();
  const people = new Map<string, Person>(
    Object.entries({ amira: 'Amira Haddad', jonas: 'Jonas Weber' }).map(([id, name]) => [id, { name, connections: new Map() }]),
  );
  const sessions = new Map<string, Person>();
  const personIn = (request: Request) => sessions.get(parse(request.headers.get('cookie') ?? '', SESSION)[SESSION] ?? '');

  app.post(
    '/calendar/exchange',
    exchangeHandler({
      ...credentials,
      origins: [site],
      user: personIn,
      onTokens: ({ user, tokens }) => void user.connections.set(tokens.accountId, tokens),
    }),
  );

  // A page of another site can send a form, and JSON only as if it were one: neither gets further than this.
  app.use('/api/*', csrf({ origin: site }));

  app.get('/api/visitor', async (c) => {
    c.header('Cache-Control', 'no-store');
    const person = personIn(c.req.raw);
    const visitor: Visitor =
      person === undefined ? { accounts: [] } : { name: person.name, accounts: await accountsOf(credentials, person) };
    return c.json(visitor);
  });

  app.post('/api/sign-in', async (c) => {
    const person = people.get(await member(c, 'person'));
    if (person === undefined) return c.json({ error: 'nobody' }, 400);
    const session = randomBytes(32).toString('base64url');
    sessions.set(session, person);
    setCookie(c, SESSION, session, { path: '/', httpOnly: true, sameSite: 'Lax', secure: site.startsWith('https:') });
    return c.body(null, 204);
  });

  app.post('/api/sign-out', (c) => {
    sessions.delete(getCookie(c, SESSION) ?? '');
    return c.body(null, 204);
  });

  app.post('/api/disconnect', async (c) => {
    const { connections } = personIn(c.req.raw) ?? {};
    const accountId = await member(c, 'account');
    const connection = connections?.get(accountId);
    if (connection !== undefined) await revoke(credentials, connection);
    connections?.delete(accountId);
    return c.body(null, 204);
  });

  app.use('*', async (c, next) => {
    await next();
    c.header('Content-Security-Policy', policy(publicUrl));
  });
  // Paths are taken from the folder that this process was started in.
  app.use('*', serveStatic({ root: relative(process.cwd(), page) }));
  return app;
}

async function accountsOf(credentials: Credentials, { connections }: Person): Promise<Account[]> {
  const shown: Account[] = [];
  for (const [id, connection] of connections) {
    const account = await accountOf(credentials, connection);
    // Taken back, or an hour old: the example in self-hosted shows how to go on from the latter.
    if (account === undefined) connections.delete(id);
    for (const { name, sharing, calendars } of account?.profiles ?? []) {
      shown.push({ id, login: name, sharing, calendars });
    }
  }
  return shown;
}

async function member(c: Context, name: string): Promise<string> {
  const value: unknown = Reflect.get(Object(await c.req.json()) as object, name);
  return typeof value === 'string' ? value : '';
}

/** As strict as a page can be: the element asks for no exception but its backend. */
function policy(backend: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${backend}`,
    `form-action ${backend}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}
