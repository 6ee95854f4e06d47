import { verifyNotification } from '@calendar-connect/partner';
import Cronofy from 'cronofy';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createApplications } from '../src/accounts/applications.ts';
import type { Backend } from '../src/backend.ts';
import type { LogEntry } from '../src/index.ts';
import { notificationHandler } from '../src/notifications/notification-handler.ts';
import { openBackend } from '../src/open-backend.ts';
import { type Notification, notificationWork, NOTIFY } from '../src/storage/notification-work.ts';
import { createDatabase, type TestDatabase } from './support/databases.ts';
import { type NotifiedServer, startNotifiedServer } from './support/notified-server.ts';
import { KEYS, type RegisteredApplication } from './support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const APPROVAL_URL = 'https://connect.example/connect/approve/the-secret-of-the-link';
const TIMEOUT_MS = 1000;

let database: TestDatabase;
let backend: Backend;
let partner: NotifiedServer;
let application: RegisteredApplication;
let nowMs: number;
let log: LogEntry[];

beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 2, 9, 0, 0, 250);
  log = [];
  database = await createDatabase();
  partner = await startNotifiedServer();
  backend = await startBackend({ allow: ['loopback'] });
  application = await register(partner.url);
});
afterEach(async () => {
  await partner.close();
  await backend.work.stop();
  await backend.store.close();
  await database.drop();
});

async function startBackend(outbound: { allow?: readonly string[] }): Promise<Backend> {
  const opened = await openBackend({
    publicUrl: 'https://connect.example',
    database: database.open(),
    keys: KEYS,
    providers: [],
    outbound,
    log: (entry) => void log.push(entry),
    now: () => nowMs,
  });
  opened.work.start({ [NOTIFY]: handler(opened) });
  return opened;
}

function handler(deps: Backend) {
  const approval = {
    provider: 'microsoft',
    accessMode: 'full',
    endUser: 'user-42',
    organisation: 'partner.example',
    url: APPROVAL_URL,
  } as const;
  const describeApproval = async (id: string) => (id === 'apr_forgotten' ? undefined : approval);
  return notificationHandler({ ...deps, describeApproval, timeoutMs: TIMEOUT_MS });
}

async function register(notificationUrl?: string): Promise<RegisteredApplication> {
  const wanted = { name: 'Planner', redirectUris: [], origins: [] };
  const created = await createApplications(backend).create({ ...wanted, ...(notificationUrl === undefined ? {} : { notificationUrl }) });
  return { clientId: created.application.id, clientSecret: created.clientSecret };
}

/** Notes that somebody waits for an administrator, and lets the work begin. */
async function tell(sessionId: string, { clientId } = application, approvalId = 'apr_1'): Promise<void> {
  const about = { applicationId: clientId, sessionId, approvalId, nowMs };
  await backend.store.addNotifications([{ type: 'pending_admin_approval', ...about }]);
  backend.work.nudge();
}

/** Time passes, and what is due is done. */
function later(ms: number): void {
  nowMs += ms;
  backend.work.nudge();
}

const sessionsTold = (server: NotifiedServer) => server.received.map(({ notification }) => notification.session_id);
const postponed = () => log.filter(({ event }) => event === 'work_postponed');

describe('a notification', () => {
  it('says what happened, and nothing of the person but what the partner said itself', async () => {
    await tell('ses_1');
    await eventually(() => partner.received.length).toBe(1);
    const [{ method, path, headers, notification }] = partner.received as [NotifiedServer['received'][0]];
    expect([method, path, headers['content-type']]).toEqual([
      'POST',
      '/notifications?key=of-the-partner',
      'application/json; charset=utf-8',
    ]);
    expect(notification).toEqual({
      id: expect.stringMatching(/^ntf_[0-9a-f]{24}$/),
      type: 'pending_admin_approval',
      occurred_at: '2026-11-02T09:00:00.250Z',
      session_id: 'ses_1',
      end_user: 'user-42',
      provider: 'microsoft',
      access_mode: 'full',
      organisation: 'partner.example',
      approval_url: APPROVAL_URL,
    });
  });

  it('is signed so that our package and the SDK of npm know it for ours', async () => {
    await tell('ses_1');
    await eventually(() => partner.received.length).toBe(1);
    const [{ body, signature }] = partner.received as [NotifiedServer['received'][0]];
    const { clientId, clientSecret } = application;
    expect(await verifyNotification({ body, signature, clientSecrets: [clientSecret] })).toBe(true);
    expect(await verifyNotification({ body, signature, clientSecrets: ['another'] })).toBe(false);
    const sdk = (client_secret: string) => new Cronofy({ client_id: clientId, client_secret });
    expect(sdk(clientSecret).hmacValid({ hmac: signature, body: body.toString() })).toBe(true);
    expect(sdk('another').hmacValid({ hmac: signature, body: body.toString() })).toBe(false);
  });

  it('of a decision says which, and has no link', async () => {
    const about = { applicationId: application.clientId, sessionId: 'ses_1', approvalId: 'apr_1', nowMs };
    const decided: Notification = { type: 'admin_approval_decided', decision: 'declined', ...about };
    await backend.store.addNotifications([decided, { ...decided, decision: 'approved', nowMs: nowMs + 1 }]);
    backend.work.nudge();
    await eventually(() => partner.received.length).toBe(2);
    const told = partner.received.map(({ notification }) => notification);
    expect(told).toMatchObject([
      { type: 'admin_approval_decided', decision: 'declined' },
      { type: 'admin_approval_decided', decision: 'approved' },
    ]);
    expect(JSON.stringify(told)).not.toContain(APPROVAL_URL);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  });

  it('is for applications that have an address, and for none other', async () => {
    const silent = await register();
    const about = { type: 'pending_admin_approval', sessionId: 'ses_1', approvalId: 'apr_1', nowMs } as const;
    const ids = [silent.clientId, application.clientId, 'app_nobody'];
    expect(await backend.store.addNotifications(ids.map((applicationId) => ({ ...about, applicationId })))).toBe(1);
    expect(await backend.store.addNotifications([])).toBe(0);
  });

  it('of each of many that are told of at once comes once', async () => {
    const sessions = Array.from({ length: 30 }, (_, n) => `ses_${n}`);
    await Promise.all(sessions.map((session) => tell(session)));
    await eventually(() => partner.received.length).toBe(30);
    expect(new Set(sessionsTold(partner))).toEqual(new Set(sessions));
    expect(await dueAfter(24 * HOUR)).toEqual([]);
  });

  it('goes to the address that is registered when it leaves, and nowhere once there is none', async () => {
    const moved = await startNotifiedServer();
    onTestFinished(() => moved.close());
    partner.answers(500);
    await tell('ses_1');
    await eventually(() => postponed().length).toBe(1);
    await createApplications(backend).update(application.clientId, { notificationUrl: moved.url });
    later(MINUTE);
    await eventually(() => sessionsTold(moved)).toEqual(['ses_1']);

    moved.answers(500);
    await tell('ses_2');
    await eventually(() => postponed().length).toBe(2);
    await createApplications(backend).update(application.clientId, { notificationUrl: null });
    later(MINUTE);
    await eventually(() => dueAfter(24 * HOUR)).toEqual([]);
    expect([partner.received.length, moved.received.length]).toEqual([1, 2]);
  });

  it('whose approval was forgotten is not sent', async () => {
    await tell('ses_1', application, 'apr_forgotten');
    await tell('ses_2');
    await eventually(() => sessionsTold(partner)).toEqual(['ses_2']);
    expect(await dueAfter(24 * HOUR)).toEqual([]);
  });
});

describe('a partner’s server that fails', () => {
  it('is told again after half a minute, with the same bytes; what comes after waits for its turn', async () => {
    partner.answers(500);
    await tell('ses_1');
    await eventually(() => postponed().length).toBe(1);
    await tell('ses_2');
    partner.answers(200);
    later(40_000);
    await eventually(() => sessionsTold(partner)).toEqual(['ses_1', 'ses_1', 'ses_2']);
    const [first, again] = partner.received;
    expect(again?.body.equals(first?.body ?? Buffer.of())).toBe(true);
    expect(postponed()).toMatchObject([{ kind: 'notify', failures: 1, hint: "the partner's server answered 500" }]);
    expect(await dueAfter(24 * HOUR)).toEqual([]);
  });

  it('is left alone for as long as it asks', async () => {
    partner.answers((response) => void response.writeHead(503, { 'retry-after': '600' }).end());
    await tell('ses_1');
    await eventually(() => postponed().length).toBe(1);
    partner.answers(200);
    expect(await dueAfter(9 * MINUTE)).toEqual([]);
    expect(await dueAfter(10 * MINUTE)).toHaveLength(1);
  });

  it('is not followed to where it redirects', async () => {
    const elsewhere = await startNotifiedServer();
    onTestFinished(() => elsewhere.close());
    for (const status of [302, 307, 308]) {
      partner.answers((response) => void response.writeHead(status, { location: elsewhere.url }).end());
      await tell(`ses_${status}`, await register(partner.url));
      await eventually(() => postponed().at(-1)?.['hint']).toBe(`the partner's server answered ${status}`);
    }
    expect(elsewhere.received).toEqual([]);
  });

  it('or is too slow holds up nobody else', async () => {
    const quick = await startNotifiedServer();
    onTestFinished(() => quick.close());
    partner.answers(() => undefined);
    await tell('ses_slow');
    await eventually(() => partner.received.length).toBe(1);
    const other = await register(quick.url);
    await tell('ses_1', other);
    await tell('ses_2', other);
    await eventually(() => sessionsTold(quick)).toEqual(['ses_1', 'ses_2']);
    expect(postponed()).toEqual([]);
    await eventually(postponed).toMatchObject([
      { lane: `notifications:${application.clientId}`, hint: expect.stringContaining('timeout') },
    ]);
  });

  it('or is not there at all is tried again', async () => {
    const gone = await startNotifiedServer();
    await gone.close();
    await tell('ses_1', await register(gone.url));
    await eventually(postponed).toMatchObject([{ hint: expect.stringContaining('unreachable (ECONNREFUSED)') }]);
  });

  it('and says 410 is not told this again; the next thing it is', async () => {
    partner.answers(410);
    await tell('ses_1');
    await eventually(audited).toMatchObject([
      { applicationId: application.clientId, subjectId: 'ses_1', detail: 'pending_admin_approval' },
    ]);
    expect(log).toMatchObject([{ level: 'warn', event: 'notification_gone', application: application.clientId, session: 'ses_1' }]);
    partner.answers(200);
    await tell('ses_2');
    await eventually(() => sessionsTold(partner)).toEqual(['ses_1', 'ses_2']);
    expect(await dueAfter(24 * HOUR)).toEqual([]);
  });

  it('for days is given up, which the audit trail says', async () => {
    const about = { applicationId: application.clientId, sessionId: 'ses_1', approvalId: 'apr_1', nowMs };
    const { payload } = notificationWork({ type: 'admin_approval_decided', decision: 'approved', ...about });
    // When that is, and what the log says, is the same for all work: see work.test.ts.
    expect(await handler(backend).giveUp(payload)).toEqual(payload);
    expect(await audited()).toMatchObject([{ applicationId: application.clientId, subjectId: 'ses_1', detail: 'admin_approval_decided' }]);
  });

  it('leaves neither its address’s query nor a link nor a secret in the log', async () => {
    partner.answers(500);
    await tell('ses_1');
    await eventually(() => postponed().length).toBe(1);
    for (const secret of ['of-the-partner', APPROVAL_URL, application.clientSecret]) expect(JSON.stringify(log)).not.toContain(secret);
  });
});

describe('the guard of addresses that partners give', () => {
  it.each([
    ['this computer', (url: string) => url],
    ['this computer by its address', () => 'https://127.0.0.1/'],
    ['the operator’s network', () => 'https://10.0.0.1/'],
    ['a metadata service', () => 'https://169.254.169.254/'],
  ])('does not let it ask %s', async (_what, addressOf) => {
    await backend.work.stop();
    await backend.store.close();
    backend = await startBackend({});
    await tell('ses_1', await register(addressOf(partner.url)));
    await eventually(() => postponed()).toMatchObject([{ hint: expect.stringContaining('forbidden_address') }]);
    expect(partner.received).toEqual([]);
  });
});

/** Waits for as long as a busy machine may take. */
function eventually<T>(look: () => T) {
  return expect.poll(look, { timeout: 8000 });
}

/** What there would be to do after some time. Lets what is under way end first: it would look like something that somebody died over. */
async function dueAfter(ms: number) {
  await backend.work.stop();
  return backend.store.leaseLanes({ by: 'looks', nowMs: nowMs + ms, untilMs: 0, limit: 9 });
}

async function audited() {
  const events = await backend.store.auditTrail({ limit: 9 });
  return events.filter(({ event }) => event === 'notification_given_up');
}
