import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type Authorization,
  createAuthorization,
  createSession,
  PartnerError,
  readSession,
  redeemCode,
  redeemReceipt,
  type Tokens,
} from '@calendar-connect/partner';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import type { Application } from '../on-this-computer/backend-process.ts';
import { addBooking, type Booking, nextDays } from './booking.ts';
import type { ShownConnection } from './connection-part.ts';
import { accountOf, type Connection, revoke } from './partner-api.ts';
import { elementPart, pageWith, type Part, personPart, type Places, problemPart } from './pages.ts';

/** Where everything is. */
export interface PartnerSiteOptions extends Places {
  /** Our own address. */
  readonly page: string;
  /** The backend, as this server reaches it. */
  readonly issuer: string;
  readonly application: Application;
}

/** What we keep of one visitor, here on the server: the browser holds the cookie only. */
interface Visitor {
  connection?: Connection;
  /** What was booked with it. */
  readonly bookings: Map<string, Booking>;
  /** The redirect that they are on. */
  authorization?: Authorization;
  /** The session that was minted for the page that they see. */
  sessionId?: string;
}

/** The person whom the demo takes for signed in. */
const PERSON = { id: 'user-42', name: 'Amira Haddad' };

/** A partner's site, as small as it can be: its pages, and what its server does with a receipt. */
export function createPartnerSite(options: PartnerSiteOptions): Hono {
  const { publicUrl, issuer, application } = options;
  const credentials = { issuer, clientId: application.client_id, clientSecret: application.client_secret };
  const visitors = new Map<string, Visitor>();
  const app = new Hono();
  const answer = (c: Context, part: Part) => c.html(pageWith(options, part), part.status ?? 200, policy(publicUrl));
  const keep = (c: Context, { accessToken, refreshToken }: Tokens) => {
    visitorOf(c, visitors).connection = { accessToken, refreshToken };
    return c.body(null, 204);
  };

  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    const code = error instanceof PartnerError ? error.code : 'unexpected';
    if (code === 'unexpected') process.stderr.write(`${error.stack ?? error.message}\n`);
    return c.req.method === 'GET' ? answer(c, problemPart(code)) : c.json({ error: code }, 502);
  });

  // A page of another site can send a form as if it were ours.
  app.use(csrf({ origin: options.page }));

  app.get('/', async (c) => {
    const connection = await shownOf(options, visitorOf(c, visitors));
    return answer(c, elementPart({ clientId: application.client_id, connection }));
  });

  app.get('/person', async (c) => {
    const { id, session } = await createSession({ ...credentials, endUser: PERSON });
    const visitor = visitorOf(c, visitors);
    visitor.sessionId = id;
    const connection = await shownOf(options, visitor);
    return answer(c, personPart({ clientId: application.client_id, session, name: PERSON.name, connection }));
  });

  // The page's script sends the receipt of `calendar-connected` here. Only now is anything known to be true.
  app.post('/calendar-connected', async (c) => {
    const receipt = await receiptIn(c, options.page);
    return keep(c, await redeemReceipt({ ...credentials, receipt }));
  });

  // Of a session of our own we know for whom it was, and what is redeemed here has to be that person's.
  app.post('/person/calendar-connected', async (c) => {
    const receipt = await receiptIn(c, options.page);
    const session = await readSession({ ...credentials, id: visitorOf(c, visitors).sessionId ?? '' });
    const tokens = await redeemReceipt({ ...credentials, receipt });
    if (session.endUser?.id !== PERSON.id || session.accountId !== tokens.accountId) return c.json({ error: 'not_this_person' }, 403);
    return keep(c, tokens);
  });

  app.post('/disconnect', async (c) => {
    const visitor = visitorOf(c, visitors);
    if (visitor.connection !== undefined) await revoke(credentials, visitor.connection);
    delete visitor.connection;
    visitor.bookings.clear();
    return c.redirect('/', 303);
  });

  addBooking(app, { backend: { issuer }, bookerOf: (c) => visitorOf(c, visitors) });
  addRedirect(app, { ...options, visitors, answer });
  addFiles(app);
  return app;
}

/** Asks the backend anew for every page: the person may have changed what is shared, or taken it back. */
async function shownOf({ issuer, mailbox }: PartnerSiteOptions, visitor: Visitor): Promise<ShownConnection | undefined> {
  const { connection, bookings } = visitor;
  if (connection === undefined) return undefined;
  const [account, busy] = await Promise.all([accountOf({ issuer }, connection), nextDays({ issuer }, connection)]);
  return { account, busy, bookings, mailbox };
}

interface RedirectParts extends PartnerSiteOptions {
  readonly visitors: Map<string, Visitor>;
  readonly answer: (c: Context, part: Part) => Response | Promise<Response>;
}

/** Connecting without the element: to the hosted chooser, and back with a code. */
function addRedirect(app: Hono, { page, publicUrl, issuer, application, visitors, answer }: RedirectParts): void {
  const redirectUri = `${page}/callback`;
  const { client_id: clientId, client_secret: clientSecret } = application;

  app.get('/authorize', async (c) => {
    const authorization = await createAuthorization({ issuer: publicUrl, clientId, redirectUri });
    visitorOf(c, visitors).authorization = authorization;
    return c.redirect(authorization.url);
  });

  app.get('/callback', async (c) => {
    const visitor = visitorOf(c, visitors);
    const { code, state, iss } = c.req.query();
    const { authorization } = visitor;
    delete visitor.authorization;
    // Ours, asked for in this browser, and from the backend we asked (RFC 9207).
    if (authorization === undefined || state !== authorization.state || iss !== publicUrl) return answer(c, problemPart('not_from_here'));
    if (code === undefined) return answer(c, problemPart('access_denied'));
    const { codeVerifier } = authorization;
    visitor.connection = await redeemCode({ issuer, clientId, clientSecret, code, redirectUri, codeVerifier });
    return c.redirect('/');
  });
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

/** The receipt that a page of ours sends. From any other it is not taken: it could be somebody else's. */
async function receiptIn(c: Context, page: string): Promise<string> {
  const { receipt } = Object(await c.req.json()) as Record<string, unknown>;
  return c.req.header('origin') === page && typeof receipt === 'string' ? receipt : '';
}

function visitorOf(c: Context, visitors: Map<string, Visitor>): Visitor {
  const known = visitors.get(getCookie(c, 'visitor') ?? '');
  if (known !== undefined) return known;
  const id = randomBytes(32).toString('base64url');
  const visitor: Visitor = { bookings: new Map() };
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
      "img-src 'self'",
      `connect-src 'self' ${backend}`,
      `form-action 'self' ${backend}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    'Cache-Control': 'no-store',
  };
}
