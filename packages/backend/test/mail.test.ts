import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../src/backend.ts';
import { createCalendarConnect, type LogEntry } from '../src/index.ts';
import { mailHandler } from '../src/mail/mail-handler.ts';
import { openBackend } from '../src/open-backend.ts';
import { MAIL } from '../src/storage/mail-work.ts';
import { createScene, HOUR, MINUTE, NOW, type Scene } from '../src/storage/store-fixtures.contract.ts';
import { createDatabase, type TestDatabase } from './support/databases.ts';
import { type MailServer, startMailServer } from './support/mail-server.ts';
import { KEYS } from './support/world.ts';

const DAY = 24 * HOUR;
const AMIRA = 'amira@partner.example';
const ORGANISATION = 'tenant-1';
const FROM = 'Acme Calendars <calendars@acme.example>';

let database: TestDatabase;
let server: MailServer;
let backend: Backend;
let scene: Scene;
let nowMs: number;
let log: LogEntry[];

beforeEach(async () => {
  nowMs = NOW;
  log = [];
  database = await createDatabase('file');
  server = await startMailServer();
  backend = await startBackend();
  scene = await createScene(backend.store);
  await wantMails(true);
});
afterEach(async () => {
  await stopBackend();
  await server.close();
  await database.drop();
});

async function startBackend(mails = true): Promise<Backend> {
  const opened = await openBackend({
    publicUrl: 'https://connect.example/calendar',
    database: database.open(),
    keys: KEYS,
    providers: [],
    ...(mails ? { mail: { smtpUrl: `smtp://127.0.0.1:${server.port}`, from: FROM } } : {}),
    log: (entry) => void log.push(entry),
    now: () => nowMs,
  });
  opened.work.start({ [MAIL]: mailHandler(opened) });
  return opened;
}

async function stopBackend(): Promise<void> {
  await backend.work.stop();
  await backend.store.close();
}

async function restart(mails = true): Promise<void> {
  await stopBackend();
  backend = await startBackend(mails);
}

async function wantMails(mailsApprovals: boolean): Promise<void> {
  await backend.store.changeApplication(scene.application.id, () => ({ change: { mailsApprovals } }));
}

/** Somebody waits, and says under which address. */
async function waitAs(email: string, session: Parameters<Scene['addTrip']>[0] = {}): Promise<{ approvalId: string; sessionId: string }> {
  const { id } = await scene.addTrip(session);
  const candidate = { id: scene.id('apr_'), linkHash: `link of ${id}`, linkSealed: 'link sealed' };
  const times = { nowMs, expiresAtMs: nowMs + 28 * DAY, probeNotBeforeMs: nowMs + MINUTE };
  await backend.store.waitForAdmin({ sessionId: id, candidate, ...times });
  await backend.store.nameOrganisation({ id: candidate.id, email, organisation: ORGANISATION, nowMs: backend.now() });
  return { approvalId: candidate.id, sessionId: id };
}

/** The provider still says no: the session waits on, for the same approval. */
async function turnAwayAgain(sessionId: string): Promise<void> {
  const candidate = { id: 'apr_unused', linkHash: '', linkSealed: '' };
  await backend.store.waitForAdmin({ sessionId, candidate, nowMs, expiresAtMs: nowMs + 28 * DAY, probeNotBeforeMs: nowMs });
}

async function approve(approvalId: string): Promise<void> {
  const { providerClientId } = scene;
  await backend.store.approveOrganisation({ id: approvalId, providerClientId, organisation: ORGANISATION, accessMode: 'full', nowMs });
}

/** Time passes, and what is due is done. */
async function pass(ms: number): Promise<void> {
  nowMs += ms;
  await work();
}

async function work(): Promise<void> {
  backend.work.nudge();
  // Leased by nobody and not due: all of it is done or waits for later.
  await expect
    .poll(async () => {
      const [row] = await lanesDue();
      return row;
    })
    .toBeUndefined();
}

async function lanesDue(): Promise<readonly unknown[]> {
  return database.execute(`select id from work_lanes where due_at <= ${nowMs}`);
}

const events = () => log.map(({ event }) => event);
const logged = (event: string) => log.find((entry) => entry.event === event);

describe('a mail to somebody who waited', () => {
  it('goes out a minute after the decision, and leads to the page where they began', async () => {
    const { approvalId } = await waitAs(AMIRA);
    await approve(approvalId);
    await pass(MINUTE - 1);
    expect(server.mails).toEqual([]);
    await pass(1);
    expect(server.mails).toMatchObject([{ from: 'calendars@acme.example', to: [AMIRA] }]);
    const [mail] = server.mails;
    expect(mail?.headers).toMatchObject({
      subject: ['Your calendar can be connected to Planner now'],
      from: [FROM],
      to: [AMIRA],
      'auto-submitted': ['auto-generated'],
    });
    for (const body of [mail?.text, mail?.html]) {
      expect(body).toContain('An administrator of partner.example has allowed Planner');
      expect(body?.match(/https?:\/\/[^\s"<]+/g)?.every((link) => link === 'https://app.example')).toBe(true);
    }
    expect(log).toEqual([{ level: 'info', event: 'mail_sent', about: 'approval', approval: approvalId }]);
  });

  it('leads to our waiting page where the person did not begin on a page of the application’s', async () => {
    const redirected = { door: 'redirect', origin: undefined, redirectUri: 'https://app.example/cb?secret=1', partnerState: 'p' } as const;
    const one = await waitAs(AMIRA, redirected);
    const other = await waitAs('jonas@partner.example', { origin: 'https://no-longer-registered.example' });
    await approve(one.approvalId);
    await pass(MINUTE);
    const links = server.mails.flatMap(({ text }) => text.match(/https:\S+/g) ?? []);
    expect(new Set(links)).toEqual(
      new Set([one, other].map(({ sessionId }) => `https://connect.example/calendar/connect/waiting/${sessionId}`)),
    );
    expect(links).toHaveLength(2);
  });

  it('holds nothing that the person typed, and neither session nor approval', async () => {
    const typed = { endUser: 'typed-id', endUserName: 'Typed Name', partnerState: 'typed-state' };
    const { approvalId, sessionId } = await waitAs(AMIRA, typed);
    await approve(approvalId);
    await pass(MINUTE);
    const [mail] = server.mails;
    expect(mail?.source).not.toMatch(/typed/i);
    expect(mail?.source).not.toContain(sessionId);
    expect(mail?.source).not.toContain(approvalId);
    expect(mail?.source).not.toContain('link sealed');
  });

  it('is not sent to somebody who went on meanwhile, gave up, or waits no longer', async () => {
    const connected = await waitAs(AMIRA);
    const cancelled = await waitAs('jonas@partner.example');
    await approve(connected.approvalId);
    await backend.store.connectSession(scene.connection(connected.sessionId));
    await backend.store.endSession({ id: cancelled.sessionId, state: 'cancelled', nowMs });
    await pass(MINUTE);
    const late = await waitAs('late@partner.example');
    await approve(late.approvalId);
    await pass(29 * DAY);
    expect(server.mails).toEqual([]);
    expect(await database.execute(`select * from work_items where kind = 'mail'`)).toEqual([]);
  });

  it('is not sent where the person was connected from one of several browsers', async () => {
    const { approvalId, sessionId } = await waitAs(AMIRA, { endUser: 'user-1' });
    const other = await scene.addSession({ endUser: 'user-1', secretHash: 'secret-2' });
    await backend.store.resumeWaiting({
      sessionId: other.id,
      applicationId: other.applicationId,
      endUser: 'user-1',
      offered: [{ provider: 'google', accessMode: 'full' }],
      providerClientIds: [scene.providerClientId],
      sinceMs: nowMs - DAY,
      expiresAtMs: nowMs + 28 * DAY,
    });
    await approve(approvalId);
    await backend.store.connectSession(scene.connection(sessionId));
    expect(await backend.store.findAdminApproval(approvalId)).toMatchObject({ state: 'approved' });
    await pass(MINUTE);
    expect(server.attempts()).toBe(0);
  });

  it('is not sent once the application wants none any longer', async () => {
    await approve((await waitAs(AMIRA)).approvalId);
    await wantMails(false);
    await pass(MINUTE);
    expect(server.attempts()).toBe(0);
  });

  it('is not sent by a backend that has no mail server, also not later', async () => {
    const { approvalId } = await waitAs(AMIRA);
    await restart(false);
    await approve(approvalId);
    await pass(MINUTE);
    await restart();
    await pass(DAY);
    expect(server.attempts()).toBe(0);
    expect(log).toEqual([]);
  });

  it('is not sent to an address that was typed after the decision: its organisation decided nothing', async () => {
    const { approvalId } = await waitAs(AMIRA);
    await approve(approvalId);
    // Whatever the page allows: the row says another organisation's address now.
    await database.execute(`update admin_approvals set email = 'victim@elsewhere.example', organisation = 'tenant-2'`);
    await pass(MINUTE);
    expect(server.attempts()).toBe(0);
  });

  it.each(['amira@partner.example,victim@elsewhere.example', 'a\u0001b@partner.example', '(comment)amira@partner.example'])(
    'is not sent to %j, which is no single address',
    async (email) => {
      await approve((await waitAs(email)).approvalId);
      await pass(MINUTE);
      expect(server.attempts()).toBe(0);
    },
  );

  it('cannot be turned into another mail by the application’s name', async () => {
    await database.execute(`update applications set name = 'Acme\r\nBcc: victim@elsewhere.example\r\n\r\n<b>bold</b> "x" \u202e'`);
    await approve((await waitAs(AMIRA)).approvalId);
    await pass(MINUTE);
    expect(server.mails).toMatchObject([{ to: [AMIRA] }]);
    const [mail] = server.mails;
    expect(mail?.headers).not.toHaveProperty('bcc');
    expect(mail?.headers['subject']).toEqual(['Your calendar can be connected to Acme Bcc: victim@elsewhere.example <b>bold</b> "x" now']);
    expect(mail?.html).toContain('&lt;b&gt;bold&lt;/b&gt;');
  });
});

describe('how many mails there are', () => {
  it('is one for each mailbox in a day, however many wait under it, and one for each approval', async () => {
    const first = await waitAs(AMIRA);
    for (const email of ['Amira@Partner.Example', 'amira+1@partner.example', AMIRA]) await waitAs(email);
    await waitAs('jonas@partner.example');
    await approve(first.approvalId);
    await pass(MINUTE);
    const mailboxes = server.mails.map(({ to }) => to[0]?.toLowerCase().replace('+1', ''));
    expect(mailboxes).toHaveLength(2);
    expect(new Set(mailboxes)).toEqual(new Set([AMIRA, 'jonas@partner.example']));
    expect(events().filter((event) => event === 'mail_withheld')).toHaveLength(3);
    // Turned away and approved again within the day, under another name.
    await turnAwayAgain(first.sessionId);
    await backend.store.nameOrganisation({
      id: first.approvalId,
      email: 'third@partner.example',
      organisation: ORGANISATION,
      nowMs: backend.now(),
    });
    await approve(first.approvalId);
    await pass(HOUR);
    expect(server.mails.map(({ to }) => to[0])).not.toContain('third@partner.example');
  });

  it('grows by one the next day, also for the same approval', async () => {
    const { approvalId, sessionId } = await waitAs(AMIRA);
    await approve(approvalId);
    await pass(MINUTE);
    nowMs += DAY;
    await turnAwayAgain(sessionId);
    await approve(approvalId);
    await pass(MINUTE);
    const ids = server.mails.map(({ headers }) => headers['message-id']?.[0]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  it('grows by one the next day, for another approval', async () => {
    await approve((await waitAs(AMIRA)).approvalId);
    await pass(MINUTE);
    nowMs += DAY;
    await approve((await waitAs(AMIRA, { secretHash: 'secret-2' })).approvalId);
    await pass(MINUTE);
    expect(server.mails.map(({ to }) => to)).toEqual([[AMIRA], [AMIRA]]);
    expect(server.mails[0]?.headers['message-id']).not.toEqual(server.mails[1]?.headers['message-id']);
  });
});

describe('a mail that does not leave at once', () => {
  it('is tried again where the server says later, and then sent once', async () => {
    server.refuses('to', { code: 450, words: `4.2.0 ${AMIRA} is greylisted` });
    await approve((await waitAs(AMIRA)).approvalId);
    await pass(MINUTE);
    expect(server.mails).toEqual([]);
    expect(logged('work_postponed')).toMatchObject({ kind: 'mail', failures: 1, hint: 'the mail server answered 450 4.2.0 to RCPT TO' });
    await pass(MINUTE);
    await pass(DAY);
    expect(server.mails).toHaveLength(1);
    expect(JSON.stringify(log)).not.toContain('@');
  });

  it('is given up where the server says never: told to the operator without the address, and not tried again', async () => {
    server.refuses('to', { code: 550, words: `5.1.1 no ${AMIRA} here` });
    const { approvalId } = await waitAs(AMIRA);
    await approve(approvalId);
    await pass(MINUTE);
    await pass(DAY);
    expect(server.attempts()).toBe(1);
    expect(log).toEqual([
      {
        level: 'error',
        event: 'mail_refused',
        about: 'approval',
        approval: approvalId,
        hint: 'the mail server answered 550 5.1.1 to RCPT TO',
      },
    ]);
  });

  it('waits for a server that is down, through a restart of ours, and leaves when it is up', async () => {
    const { port } = server;
    await server.close();
    await approve((await waitAs(AMIRA)).approvalId);
    await pass(MINUTE);
    expect(logged('work_postponed')?.['hint']).toBe('the mail server could not be talked to (ESOCKET ECONNREFUSED)');
    await restart();
    server = await startMailServer({ port });
    await pass(MINUTE);
    expect(server.mails).toMatchObject([{ to: [AMIRA] }]);
    await restart();
    await pass(DAY);
    expect(server.mails).toHaveLength(1);
  });

  it('is sent by a whole backend that begins after it was due', async () => {
    await approve((await waitAs(AMIRA)).approvalId);
    await backend.work.stop();
    nowMs += MINUTE;
    const connect = await createCalendarConnect({
      publicUrl: 'https://connect.example/calendar',
      database: database.open(),
      keys: KEYS,
      providers: [],
      mail: { smtpUrl: `smtp://127.0.0.1:${server.port}`, from: FROM },
      log: (entry) => void log.push(entry),
      now: () => nowMs,
    });
    await expect.poll(() => server.mails).toMatchObject([{ to: [AMIRA] }]);
    await connect.close();
  });

  it('is sent again with the same Message-ID where nobody could note that it was sent, and not where somebody could', async () => {
    const { approvalId } = await waitAs(AMIRA);
    await approve(approvalId);
    const kept = await database.execute('select * from work_items');
    await pass(MINUTE);
    // The process died after the server took the mail: once before that was noted, once right after.
    for (const settled of [false, true]) {
      if (!settled) await database.execute('update mail_claims set settled_at = null');
      expect(await mailHandler(backend).handle(JSON.parse(String(kept[0]?.['payload_json'])) as Record<string, string>)).toEqual({
        outcome: 'done',
      });
    }
    const ids = server.mails.map(({ headers }) => headers['message-id']?.[0]);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it('lies in the database without address, name or link', async () => {
    await approve((await waitAs(AMIRA)).approvalId);
    const work = JSON.stringify(await database.execute('select * from work_items'));
    await pass(MINUTE);
    const claims = JSON.stringify(await database.execute('select * from mail_claims'));
    for (const kept of [work, claims]) expect(kept).not.toMatch(/@|partner\.example|Planner|https/);
  });
});
