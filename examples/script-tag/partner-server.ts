import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSession, redeemReceipt } from '@calendar-connect/partner';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Application } from './backend.ts';
import { type Connection, connectionOf, exchangeCode, revoke } from './calendar-api.ts';
import { connectionPart, elementPart, page, personPart } from './pages.ts';

/** Where everything is. */
export interface PartnerServerOptions {
  /** Our own address. */
  readonly page: string;
  /** The backend, as browsers reach it. */
  readonly publicUrl: string;
  /** The backend, as this server reaches it. */
  readonly issuer: string;
  readonly application: Application;
}

/** What we keep of one visitor, here on the server: the browser holds the cookie only. */
interface Visitor {
  connection?: Connection;
  state?: string;
}

/** The person whom the demo takes for signed in. */
const PERSON = { id: 'user-42', name: 'Amira Haddad' };

/** A partner's site, as small as it can be: its pages, and what its server does with a receipt. */
export function createPartnerServer(options: PartnerServerOptions): Hono {
  const { publicUrl, issuer, application } = options;
  const credentials = { issuer, clientId: application.client_id, clientSecret: application.client_secret };
  const visitors = new Map<string, Visitor>();
  const app = new Hono();
  const answer = (c: Context, body: Parameters<typeof page>[1]) => c.html(page(publicUrl, body), 200, policy(publicUrl));

  app.get('/', async (c) => {
    const { connection } = visitorOf(c, visitors);
    if (connection !== undefined) return answer(c, connectionPart(await connectionOf(issuer, connection)));
    return answer(c, elementPart(application.client_id));
  });

  app.get('/person', async (c) => {
    const { session } = await createSession({ ...credentials, endUser: PERSON });
    return answer(c, personPart({ clientId: application.client_id, session, name: PERSON.name }));
  });

  // The page's script sends the receipt of `calendar-connected` here. Only now is anything known to be true.
  app.post('/calendar-connected', async (c) => {
    if (c.req.header('origin') !== options.page) return c.json({ error: 'wrong_origin' }, 403);
    const { receipt } = await c.req.json<{ receipt: string }>();
    const { accessToken, refreshToken } = await redeemReceipt({ ...credentials, receipt });
    visitorOf(c, visitors).connection = { accessToken, refreshToken };
    return c.body(null, 204);
  });

  app.get('/authorize', (c) => {
    const state = randomBytes(16).toString('base64url');
    visitorOf(c, visitors).state = state;
    const query = { response_type: 'code', client_id: application.client_id, redirect_uri: `${options.page}/callback`, state };
    return c.redirect(`${publicUrl}/oauth/authorize?${new URLSearchParams(query).toString()}`);
  });

  app.get('/callback', async (c) => {
    const visitor = visitorOf(c, visitors);
    const { code, state, iss } = c.req.query();
    const expected = visitor.state;
    delete visitor.state;
    // Ours, asked for in this browser, and from the backend we asked (RFC 9207).
    if (state === undefined || state !== expected || iss !== publicUrl) return c.text('This link was not made for this browser.', 400);
    if (code !== undefined) visitor.connection = await exchangeCode(credentials, { code, redirectUri: `${options.page}/callback` });
    return c.redirect('/');
  });

  app.post('/disconnect', async (c) => {
    const visitor = visitorOf(c, visitors);
    if (visitor.connection !== undefined) await revoke(credentials, visitor.connection);
    delete visitor.connection;
    return c.redirect('/', 303);
  });

  for (const [name, type] of [
    ['page.js', 'text/javascript'],
    ['page.css', 'text/css'],
  ] as const) {
    const content = readFileSync(new URL(name, import.meta.url), 'utf8');
    app.get(`/${name}`, (c) => c.body(content, 200, { 'Content-Type': `${type}; charset=utf-8` }));
  }
  return app;
}

function visitorOf(c: Context, visitors: Map<string, Visitor>): Visitor {
  const known = visitors.get(getCookie(c, 'visitor') ?? '');
  if (known !== undefined) return known;
  const id = randomBytes(32).toString('base64url');
  const visitor: Visitor = {};
  visitors.set(id, visitor);
  setCookie(c, 'visitor', id, { httpOnly: true, sameSite: 'Lax', path: '/' });
  return visitor;
}

/** As strict as a page can be: the element asks for no exception but its backend. */
function policy(backend: string): Record<string, string> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      `script-src 'self' ${backend}`,
      "style-src 'self'",
      `connect-src 'self' ${backend}`,
      `form-action 'self' ${backend}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    'Cache-Control': 'no-store',
  };
}
