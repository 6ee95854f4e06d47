import { randomBytes } from 'node:crypto';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { CaughtMail } from './caught-mail.ts';
import { isSameAddress, type Mails } from './mails.ts';
import { listPage } from './pages/list-page.ts';
import { mailPage } from './pages/mail-page.ts';
import { notFoundPage } from './pages/page.ts';

/** What the page is made of. */
export interface MailboxAppDeps {
  readonly mails: Mails;
  readonly publicUrl: string;
  /** Where mails are taken, such as `127.0.0.1:2525`. */
  readonly smtpAddress: string;
}

/** Nothing is loaded from anywhere, no script runs, and no form goes anywhere. What a page needs besides it says. */
const STRICT = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Any name of this computer: browsers know those below `localhost`, too. */
const LOOPBACK_NAME = /^(?:(?:[\w-]+\.)*localhost|127\.0\.0\.1|\[::1\])$/;

/** Lays out the page, its downloads and the JSON for tests in other processes. */
export function createMailboxApp({ mails, publicUrl, smtpAddress }: MailboxAppDeps): Hono {
  const app = new Hono();
  app.use(requireOwnName(new URL(publicUrl).hostname));
  app.use(async function withholdEverything(c, next) {
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    // Names are looked up before anybody clicks, and no policy forbids that.
    c.header('X-DNS-Prefetch-Control', 'off');
    if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', STRICT);
  });
  app.get('/', showList(mails, smtpAddress));
  app.get('/messages/:id', showMail(mails));
  app.get(
    '/messages/:id/invitation.ics',
    download(mails, 'text/calendar', (mail) => mail.calendar?.source),
  );
  app.get(
    '/messages/:id/source.eml',
    download(mails, 'message/rfc822', (mail) => mail.source),
  );
  app.get('/api/messages', (c) => c.json({ messages: mailsFor(mails, c.req.query('to')) }));
  app.get('/api/messages/:id', (c) => {
    const mail = mails.get(c.req.param('id'));
    return mail === undefined ? c.json({ error: 'not_found' }, 404) : c.json(mail);
  });
  app.delete('/api/messages', (c) => {
    mails.clear();
    return c.body(null, 204);
  });
  app.get('/api/revision', (c) => c.json({ revision: mails.revision() }));
  app.notFound((c) => showNotFound(c));
  return app;
}

/** A page elsewhere may have a name of its own lead here, and would then read the mails as its own (DNS rebinding). */
function requireOwnName(own: string): MiddlewareHandler {
  return async function refuseOtherNames(c, next) {
    const { hostname } = new URL(c.req.url);
    if (hostname === own || LOOPBACK_NAME.test(hostname)) return next();
    return c.text('This mailbox answers on names of this computer only, or on the one that publicUrl says.', 403);
  };
}

function mailsFor(mails: Mails, to: string | undefined): readonly CaughtMail[] {
  return to === undefined ? mails.all() : mails.to(to);
}

function showList(mails: Mails, smtpAddress: string) {
  return (c: Context) => {
    const nonce = randomBytes(16).toString('base64');
    const all = mails.all();
    const to = c.req.query('to');
    const shown = to === undefined ? all : all.filter(({ envelope }) => envelope.to.some((each) => isSameAddress(each, to)));
    c.header('Content-Security-Policy', `${STRICT}; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'`);
    return c.html(listPage({ all, shown, to, nonce, smtpAddress, revision: mails.revision() }));
  };
}

function showMail(mails: Mails) {
  return (c: Context<object, '/messages/:id'>) => {
    const mail = mails.get(c.req.param('id'));
    if (mail === undefined) return showNotFound(c);
    // The frame with the HTML part inherits this policy. Its styles are the mail's own, which no nonce can be given to.
    c.header('Content-Security-Policy', `${STRICT}; style-src 'unsafe-inline'`);
    return c.html(mailPage(mail));
  };
}

function showNotFound(c: Context) {
  const nonce = randomBytes(16).toString('base64');
  c.header('Content-Security-Policy', `${STRICT}; style-src 'nonce-${nonce}'`);
  return c.html(notFoundPage(nonce), 404);
}

function download(mails: Mails, type: string, contents: (mail: CaughtMail) => string | undefined) {
  return (c: Context<object, '/messages/:id/*'>) => {
    const id = c.req.param('id') ?? '';
    const mail = mails.get(id);
    const body = mail && contents(mail);
    if (body === undefined) return showNotFound(c);
    const extension = type === 'text/calendar' ? 'ics' : 'eml';
    c.header('Content-Type', `${type}; charset=utf-8`);
    // As a file, because a browser that shows it would show it as a page of this origin.
    c.header('Content-Disposition', `attachment; filename="mail-${mail?.id}.${extension}"`);
    return c.body(body);
  };
}
