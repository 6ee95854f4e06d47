import { readFileSync } from 'node:fs';
import { exchangeHandler } from '@calendar-connect/partner';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import { parse } from 'hono/utils/cookie';
import { type Account, accountOf, type Credentials, refreshed, revoke } from '../script-tag/partner-api.ts';
import type { Calendar } from './calendar.ts';
import { homePage, signInPage } from './pages.ts';
import { createPeople, type Person } from './people.ts';

const SESSION = 'session';

/** An app of one's own with the calendar backend inside: one process, one address, one sign-in. */
export function createApp(calendar: Calendar, site: string): Hono {
  const app = new Hono();
  const people = createPeople();
  const personIn = (cookie: string | null | undefined) => people.signedIn(parse(cookie ?? '', SESSION)[SESSION]);

  // The whole backend, below a path, and what standards look for at the root of the host (RFC 8414).
  app.route(new URL(calendar.publicUrl).pathname, calendar.app);
  app.route('/', calendar.wellKnown);

  // The backend is in this process: asking it needs no network, and no address that this process could reach itself by.
  const backend: Credentials = {
    issuer: calendar.publicUrl,
    clientId: calendar.clientId,
    clientSecret: calendar.clientSecret,
    fetch: async (input, init) => app.fetch(new Request(input, init)),
  };

  // Here the element brings its code. The tokens stay with the person who is signed in, and never see a browser.
  app.post(
    '/exchange',
    exchangeHandler({
      ...backend,
      origins: [site],
      user: (request) => personIn(request.headers.get('cookie')),
      onTokens: ({ user, tokens }) => void user.connections.set(tokens.accountId, tokens),
    }),
  );

  app.get('/', async (c) => {
    const person = personIn(c.req.header('cookie'));
    if (person === undefined) return c.html(signInPage(people.all), 200, POLICY);
    const accounts = await accountsOf(backend, person);
    return c.html(homePage({ person, accounts, publicUrl: calendar.publicUrl, clientId: calendar.clientId }), 200, POLICY);
  });

  // Forms of our own pages only. The backend guards its own.
  app.use('/sign-in', csrf({ origin: site }));
  app.use('/sign-out', csrf({ origin: site }));
  app.use('/disconnect', csrf({ origin: site }));

  app.post('/sign-in', async (c) => {
    const session = people.signIn(await field(c, 'person'));
    if (session === undefined) return c.redirect('/', 303);
    // Another name for whoever signs in, so that a cookie that somebody planted before is worth nothing.
    setCookie(c, SESSION, session, { path: '/', httpOnly: true, sameSite: 'Lax', secure: site.startsWith('https:') });
    return c.redirect('/', 303);
  });

  app.post('/sign-out', (c) => {
    people.signOut(getCookie(c, SESSION) ?? '');
    return c.redirect('/', 303);
  });

  app.post('/disconnect', async (c) => {
    const { connections } = personIn(c.req.header('cookie')) ?? {};
    const accountId = await field(c, 'account');
    const connection = connections?.get(accountId);
    if (connection !== undefined) await revoke(backend, connection);
    connections?.delete(accountId);
    return c.redirect('/', 303);
  });

  addFiles(app);
  return app;
}

/** Everything that a person has connected and not taken back. */
async function accountsOf(backend: Credentials, { connections }: Person): Promise<readonly Account[]> {
  const accounts: Account[] = [];
  for (const [accountId, connection] of connections) {
    const account = (await accountOf(backend, connection)) ?? (await accountAfterRefresh(backend, { accountId, connections }));
    if (account === undefined) connections.delete(accountId);
    else accounts.push(account);
  }
  return accounts;
}

/** An access token lives an hour. Only where the refresh token is refused too, the connection has ended. */
async function accountAfterRefresh(
  backend: Credentials,
  { accountId, connections }: { accountId: string; connections: Person['connections'] },
): Promise<Account | undefined> {
  const connection = connections.get(accountId);
  const fresh = connection && (await refreshed(backend, connection));
  if (fresh === undefined) return undefined;
  connections.set(accountId, fresh);
  return accountOf(backend, fresh);
}

async function field(c: Context, name: string): Promise<string> {
  const value = (await c.req.parseBody())[name];
  return typeof value === 'string' ? value : '';
}

function addFiles(app: Hono): void {
  for (const [name, type] of [
    ['page.js', 'text/javascript'],
    ['styles.css', 'text/css'],
    ['icon.svg', 'image/svg+xml'],
  ] as const) {
    const content = readFileSync(new URL(`public/${name}`, import.meta.url), 'utf8');
    app.get(`/${name}`, (c) => c.body(content, 200, { 'Content-Type': `${type}; charset=utf-8` }));
  }
}

/** The backend is on our own origin, so the element needs no exception at all. */
const POLICY = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'Cache-Control': 'no-store',
};
