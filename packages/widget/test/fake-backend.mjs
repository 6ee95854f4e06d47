// A small backend that speaks the wire contract, as middleware of the test server. It is asked for under another host name than the page, so
// that it is another origin and another site. Tests tell it what to do through `/fake/*`; what the contract says is under `/connect-here/*`.
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const MOUNT = '/connect-here/';
const FULL_SCOPES = ['https://www.googleapis.com/auth/calendar.calendarlist.readonly', 'https://www.googleapis.com/auth/calendar.events'];
const NAMES = { google: 'Google', microsoft: 'Microsoft', exchange: 'Exchange', icloud: 'iCloud', none: 'Another calendar' };
const KEPT_AT = ['https://myapps.microsoft.com', 'https://account.live.com/consent/Manage'];
const MODES = [
  { access_mode: 'full', provider_name: 'google', scopes: FULL_SCOPES },
  { access_mode: 'free_busy', provider_name: 'google_free_busy', scopes: ['https://www.googleapis.com/auth/calendar.freebusy'] },
  { access_mode: 'no_access', provider_name: 'cronofy', scopes: [] },
];

/** Middleware for the test server. */
export function fakeBackend() {
  /** Per application: what it offers and how its backend misbehaves. */
  const applications = new Map();
  const sessions = new Map();
  const log = [];

  function change(session, update) {
    Object.assign(session, update);
    session.version += 1;
    for (const wake of session.waiting.splice(0)) wake();
  }

  const statusOf = (session) => {
    const { id, state, version, reason, missing_scopes, provider, access_mode, redeemed } = session;
    const status = { id, state, version, reason, missing_scopes, provider, access_mode };
    if (reason === 'scopes_missing') status.failure = { happened: 'A permission box was left unticked.', todo: 'Leave every box ticked.' };
    if (state === 'waiting_for_admin' || state === 'approved') {
      const { organisation, decision } = session;
      const url = `https://connect.example/connect/approve/${id}`;
      const mail = `mailto:?subject=Please%20allow%20it&body=${encodeURIComponent(url)}`;
      status.admin_approval = { requested_at: '2026-11-21T10:00:00Z', organisation, url, mail, scopes: [], decision };
    }
    if (state === 'connected' && !redeemed && !session.asked?.return_path)
      status.code = session.code = `code_${randomBytes(8).toString('hex')}`;
    return status;
  };

  const mint = (application, fields) => {
    const session = {
      id: `ses_${randomBytes(12).toString('hex')}`,
      secret: randomBytes(16).toString('hex'),
      state: 'created',
      version: 1,
      application,
      waiting: [],
      ...fields,
    };
    sessions.set(session.id, session);
    return session;
  };

  const minted = ({ id, secret, state, version, application, end_user, asked, change: changed }) => ({
    id,
    secret,
    expires_in: application.expires_in ?? 3600,
    state,
    version,
    offer: changed ? narrowed(application.offer, changed.provider) : application.offer,
    end_user,
    change: changed,
    ticket: asked?.return_path && 'ticket-1',
  });

  const routes = {
    'GET connect/offer': ({ application }) => ({ body: application.offer }),
    async 'POST connect/sessions'({ application, body, bearer }) {
      if (application.mint_delay_ms) await new Promise((resolve) => setTimeout(resolve, application.mint_delay_ms));
      if (application.mint_refusal) return refuse(application.mint_refusal.status, application.mint_refusal.error);
      const previous = body.retry_of && sessions.get(body.retry_of);
      if (body.retry_of && previous?.secret !== bearer) return refuse(404, 'session_not_found');
      const session = mint(application, {
        challenge: body.code_challenge,
        retry_of: body.retry_of,
        asked: body,
        end_user: previous?.end_user,
        change: previous?.change,
      });
      return { status: 201, body: minted(session) };
    },
    'POST connect/sessions/:id/claim'({ session, body }) {
      if (session.state !== 'created') return refuse(409, 'session_ended');
      if (session.claimed) return refuse(409, 'session_already_claimed');
      if (body.session !== session.claim) return refuse(404, 'session_not_found');
      Object.assign(session, { claimed: true, challenge: body.code_challenge });
      if (session.waits) change(session, { state: 'waiting_for_admin', ...session.waits });
      return { body: minted(session) };
    },
    async 'GET connect/sessions/:id'({ session, bearer, query }) {
      if (session.application.poll_fault) return { status: 503, body: {} };
      if (session.secret !== bearer) return refuse(404, 'session_not_found');
      const waitMs = Math.min(Number(query.get('wait') ?? 0), 5) * 1000;
      if (session.version <= Number(query.get('after') ?? 0) && waitMs > 0) {
        await new Promise((resolve) => {
          session.waiting.push(resolve);
          setTimeout(resolve, waitMs);
        });
      }
      return { body: statusOf(session) };
    },
    'POST connect/sessions/:id/admin_approval'({ session, bearer }) {
      if (session.secret !== bearer) return refuse(404, 'session_not_found');
      const { approval_refusal } = session.application;
      if (approval_refusal) return refuse(approval_refusal.status, approval_refusal.error);
      change(session, { state: 'waiting_for_admin' });
      return { body: statusOf(session) };
    },
    'DELETE connect/sessions/:id'({ session, bearer }) {
      if (session.secret !== bearer) return refuse(404, 'session_not_found');
      change(session, { state: 'cancelled' });
      return { body: statusOf(session) };
    },
    'POST connect/exchange'({ application, body }) {
      if (application.exchange_faults > 0) {
        application.exchange_faults -= 1;
        return { status: 503, body: {} };
      }
      const session = [...sessions.values()].find(({ code }) => code === body.code);
      const challenge = createHash('sha256').update(body.code_verifier).digest('base64url');
      if (!session || session.redeemed || session.challenge !== challenge) return refuse(400, 'invalid_grant');
      session.redeemed = true;
      const { provider, access_mode } = session;
      return { body: { account_id: 'acc_1', profile_id: 'pro_1', provider, access_mode, name: 'ada@example.com', receipt: 'rcp_1' } };
    },
  };

  const control = {
    'POST fake/application': ({ body }) => {
      applications.set(body.client_id, { offer: offerOf(body), ...body });
      return { body: {} };
    },
    'POST fake/partner-session': ({ body }) => {
      const session = mint(applications.get(body.client_id), { end_user: body.end_user, waits: body.waits, change: body.change });
      session.claim = `${session.id}.${randomBytes(8).toString('hex')}`;
      return { body: { id: session.id, session: session.claim } };
    },
    'POST fake/change': ({ body: { id, ...update } }) => {
      const session = sessions.get(id);
      if (update.proof) session.proofs = (session.proofs ?? 0) + 1;
      change(session, update);
      return { body: {} };
    },
    'POST fake/fault': ({ body: { client_id, ...update } }) => {
      Object.assign(applications.get(client_id), update);
      return { body: {} };
    },
    'GET fake/sessions': ({ query }) => ({
      body: [...sessions.values()]
        .filter(({ application }) => application.client_id === query.get('client_id'))
        .map((session) => ({ ...session, waiting: undefined, application: undefined })),
    }),
    'GET fake/requests': ({ query }) => ({ body: log.filter(({ client_id }) => client_id === query.get('client_id')) }),
  };

  return async (ctx, next) => {
    const url = new URL(ctx.url, 'http://fake.example');
    const inControl = url.pathname.startsWith('/fake/');
    if (!inControl && !url.pathname.startsWith(MOUNT)) return next();
    const path = inControl ? url.pathname.slice(1) : url.pathname.slice(MOUNT.length);
    if (/^[^/]+\.js(on)?$/.test(path)) return serveScript(ctx, path);
    if (path === 'fake/page') return servePage(ctx, url.searchParams);
    await answer(ctx, path, url, inControl ? control : routes);
  };

  async function answer(ctx, path, url, table) {
    const body = ctx.method === 'POST' ? await readBody(ctx.req) : {};
    const [, , id] = path.split('/');
    const session = sessions.get(id);
    if (path.startsWith('connect/start/')) return start(ctx, session, body);
    const client_id = url.searchParams.get('client_id');
    const application = applications.get(client_id);
    if (table === routes) {
      log.push({ client_id, method: ctx.method, path });
      if (application?.unregistered) return void (ctx.status = 403);
      ctx.set({
        'Access-Control-Allow-Origin': ctx.get('origin'),
        'Access-Control-Allow-Headers': 'authorization, content-type',
        'Access-Control-Allow-Methods': 'GET, POST, DELETE',
        Vary: 'Origin',
      });
      if (ctx.method === 'OPTIONS') return void (ctx.status = 204);
      if (!application) return send(ctx, refuse(404, 'unknown_application'));
    }
    const route = table[`${ctx.method} ${id && path.startsWith('connect/sessions/') ? path.replace(id, ':id') : path}`];
    if (path.startsWith('connect/sessions/') && !session) return send(ctx, refuse(404, 'session_not_found'));
    send(
      ctx,
      await route({ application, session, body, query: url.searchParams, bearer: ctx.get('authorization').replace('Bearer ', '') }),
    );
  }

  /** The start page: goes to the provider when the form proves to come from the page, asks its opener where the browser hides the origin. */
  function start(ctx, session, form) {
    ctx.set('Cache-Control', 'no-store');
    ctx.type = 'html';
    if (!session || session.secret !== form.secret) {
      ctx.status = 404;
      ctx.body = 'No such session.';
      return;
    }
    const { provider, access_mode } = form;
    const waits = session.state === 'waiting_for_admin' || session.state === 'approved';
    change(session, {
      ...(!waits && { state: 'at_provider' }),
      provider,
      access_mode,
      started_from: ctx.get('origin'),
      starts: (session.starts ?? 0) + 1,
    });
    const message = JSON.stringify({ type: 'calendar-connect:prove', session: session.id, nonce: 'nonce-1' });
    ctx.body = `<!doctype html><title>At the provider</title><script>
      addEventListener('message', (event) => fetch('/fake/change', { method: 'POST', body: JSON.stringify({ id: '${session.id}', proof: { ...event.data, origin: event.origin } }) }));
      opener?.postMessage(${message}, '*');
    </script>At the provider`;
  }
}

function offerOf({
  client_id,
  providers = ['google', 'microsoft', 'exchange', 'icloud'],
  access_modes = ['full', 'free_busy', 'no_access'],
  default_access_mode,
  notes = {},
}) {
  const modes = MODES.filter(({ access_mode }) => access_modes.includes(access_mode));
  return {
    application: { client_id, name: 'Acme Scheduling' },
    scope: 'read_write',
    default_access_mode,
    providers: providers.map((id) => ({
      id,
      name: NAMES[id] ?? id,
      access_modes: modes
        .filter(({ access_mode }) => id !== 'none' || access_mode === 'no_access')
        .map((mode) => ({ ...mode, note: notes[mode.access_mode] })),
      ...(id === 'microsoft' && { admin_approval: true, keeps_permissions_at: KEPT_AT }),
    })),
  };
}

/** A session that changes a connection has its provider, and none where that is offered. */
function narrowed(offer, id) {
  return { ...offer, providers: offer.providers.filter((provider) => [id, 'none'].includes(provider.id)) };
}

function refuse(status, error) {
  return { status, body: { error, error_description: `Refused: ${error}.` } };
}

function send(ctx, { status = 200, body }) {
  ctx.status = status;
  ctx.type = 'json';
  ctx.body = JSON.stringify(body);
}

async function readBody(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text));
  return JSON.parse(text || '{}');
}

async function serveScript(ctx, path) {
  ctx.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' });
  ctx.type = 'js';
  ctx.body = await readFile(new URL(`../dist/script/${path}`, import.meta.url));
}

/** A partner's page as it would stand in the world: its own policy, the script tag, the element. */
function servePage(ctx, query) {
  const backend = query.get('backend');
  ctx.set({
    'Content-Security-Policy': `default-src 'none'; script-src ${backend}; style-src 'self'; connect-src ${backend}; form-action ${query.get('form-action') ?? backend}; require-trusted-types-for 'script'; trusted-types lit-html`,
    'Referrer-Policy': 'no-referrer',
  });
  ctx.type = 'html';
  ctx.body = `<!doctype html><html lang="en"><title>Partner</title><script type="module" src="${backend}calendar-connect.js" crossorigin></script>
    ${query.has('twice') ? `<script type="module" src="${backend}calendar-connect.js?again" crossorigin></script>` : ''}
    <calendar-connect client-id="${query.get('client_id')}"></calendar-connect></html>`;
}
