import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import PostalMime from 'postal-mime';
import ICAL from 'ical.js';
import { anEvent, type CalendarApi, calendarApi } from './support/calendar-api.ts';
import type { ReceivedMail } from './support/mail-server.ts';
import { ADDRESS, createNoAccessWorld, type NoAccessWorld } from './support/no-access.ts';
import { authorizedCode, createPartnerServer } from './support/partner-server.ts';
import { AMIRA, CALLBACK, createWorld } from './support/world.ts';

const NOOR = 'noor@partner.example';
const LEA = 'lea@studio.example';
const NOVEMBER_3 = { from: '2026-11-03', to: '2026-11-04' };

let here: NoAccessWorld;
let api: CalendarApi;
let primary: string;
/** Mails that came before the first invitation. */
let before: number;

beforeEach(async () => {
  here = await createNoAccessWorld();
});
afterEach(() => here.close());

async function connectNobody(): Promise<void> {
  use(calendarApi(here.world, (await here.redeem(await here.connect())).access_token));
  primary = (await api.calendars())[0]?.calendar_id ?? '';
}

async function connectFreeBusy(): Promise<void> {
  const code = await authorizedCode(here.world, {}, { accessMode: 'free_busy' });
  const { body } = await createPartnerServer(here.world).redeem(code, { redirect_uri: CALLBACK });
  use(calendarApi(here.world, body.access_token));
  primary = (await api.calendar(AMIRA)).calendar_id;
}

function use(connected: CalendarApi): void {
  api = connected;
  before = here.server().mails.length;
}

/** What the mail server got of invitations, once there are so many. */
async function invitations(count: number): Promise<readonly Invitation[]> {
  await expect.poll(() => here.server().mails.length - before, { timeout: 8000 }).toBeGreaterThanOrEqual(count);
  const mails = here.server().mails.slice(before);
  expect(mails).toHaveLength(count);
  return Promise.all(mails.map(readInvitation));
}

interface Invitation {
  readonly to: string;
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly method: string;
  readonly uid: string;
  readonly sequence: number;
  readonly attendees: readonly string[];
  readonly organizer: string;
  readonly from: string | undefined;
  readonly replyTo: string | undefined;
  readonly start: string;
  readonly messageId: string | undefined;
}

async function readInvitation({ source, to }: ReceivedMail): Promise<Invitation> {
  const mail = await PostalMime.parse(source);
  const [, content = ''] = /(BEGIN:VCALENDAR[\s\S]*END:VCALENDAR)/.exec(await calendarOf(mail)) ?? [];
  const calendar = new ICAL.Component(ICAL.parse(content));
  const event = calendar.getFirstSubcomponent('vevent');
  const value = (name: string): string => String(event?.getFirstPropertyValue(name));
  return {
    to: to.join(','),
    subject: mail.subject,
    text: mail.text,
    method: String(calendar.getFirstPropertyValue('method')),
    uid: value('uid'),
    sequence: Number(value('sequence')),
    attendees: (event?.getAllProperties('attendee') ?? []).map((each) => String(each.getFirstValue()).replace(/^mailto:/i, '')),
    organizer: value('organizer'),
    from: mail.from?.address,
    replyTo: mail.replyTo?.[0]?.address,
    start: value('dtstart'),
    messageId: mail.messageId,
  };
}

async function calendarOf(mail: Awaited<ReturnType<typeof PostalMime.parse>>): Promise<string> {
  const part = mail.attachments.find(({ mimeType }) => mimeType === 'text/calendar' || mimeType === 'application/ics');
  if (part === undefined) throw new Error('the mail has no calendar part');
  return typeof part.content === 'string' ? part.content : new TextDecoder().decode(part.content);
}

const write = async (changes: object = {}): Promise<number> => (await api.write(primary, anEvent(changes))).status;
const waiting = () =>
  here.world.database.execute(
    `select (select count(*) from invitations) as invitations, (select count(*) from work_lanes where id like 'event:%') as lanes`,
  );
const nothingWaits = () => expect.poll(async () => Object.values((await waiting())[0] ?? {}).map(Number)).toEqual([0, 0]);

describe.each([
  ['shared when they are busy', connectFreeBusy, AMIRA],
  ['shared nothing', connectNobody, ADDRESS],
] as const)('whoever %s', (_what, connect, person) => {
  it('is invited by mail, told of changes, and told when it is cancelled: each once', async () => {
    await connect();
    expect(await write({ description: 'Bring the draft.', location: { description: 'Room Elbe' } })).toBe(202);
    const [invited] = await invitations(1);
    expect(invited).toMatchObject({
      to: person,
      method: 'REQUEST',
      sequence: 0,
      attendees: [person],
      organizer: 'mailto:calendars@acme.example',
      from: 'calendars@acme.example',
      start: '2026-11-03T10:00:00Z',
    });
    expect(invited?.text).toContain('Bring the draft.');
    expect(await write({ start: '2026-11-03T12:00:00Z', end: '2026-11-03T13:00:00Z' })).toBe(202);
    const [, changed] = await invitations(2);
    expect(changed).toMatchObject({ to: person, method: 'REQUEST', sequence: 1, uid: invited?.uid, start: '2026-11-03T12:00:00Z' });
    expect(changed?.messageId).not.toBe(invited?.messageId);
    expect((await api.remove(primary, { event_id: 'interview-1' })).status).toBe(202);
    const [, , cancelled] = await invitations(3);
    expect(cancelled).toMatchObject({ to: person, method: 'CANCEL', sequence: 2, uid: invited?.uid });
    expect((await api.remove(primary, { event_id: 'interview-1' })).status).toBe(202);
    await nothingWaits();
    expect(await write()).toBe(202);
    const again = (await invitations(4))[3];
    expect(again).toMatchObject({ method: 'REQUEST', sequence: 0 });
    expect(again?.uid).not.toBe(invited?.uid);
    await nothingWaits();
  });

  it('hears nothing of what changes nothing', async () => {
    await connect();
    const event = { description: 'Bring the draft.', tzid: 'Europe/Berlin', reminders: [{ minutes: 10 }] };
    expect(await write(event)).toBe(202);
    await invitations(1);
    await nothingWaits();
    expect(await write(event)).toBe(202);
    expect(await write({ reminders: [{ minutes: 30 }] })).toBe(202);
    await nothingWaits();
    await invitations(1);
  });
});

describe('the guests of an event', () => {
  it('are each told what concerns them: who comes in is invited, who goes out is told so, and the others hear nothing', async () => {
    await connectNobody();
    await write({ attendees: { invite: [{ email: NOOR, display_name: 'Noor' }] } });
    const first = await invitations(2);
    expect(first.map(({ to }) => to).toSorted()).toEqual([ADDRESS, NOOR].toSorted());
    for (const each of first) expect(each.attendees.toSorted()).toEqual([ADDRESS, NOOR].toSorted());
    await write({ attendees: { invite: [{ email: LEA }], remove: [{ email: NOOR.toUpperCase() }] } });
    const later = (await invitations(4)).slice(2).toSorted((a, b) => (a.to < b.to ? -1 : 1));
    expect(later).toMatchObject([
      { to: LEA, method: 'REQUEST' },
      { to: NOOR, method: 'CANCEL', attendees: [NOOR] },
    ]);
    expect(later[0]?.attendees).not.toContain(NOOR);
    await api.remove(primary, { event_id: 'interview-1' });
    const gone = (await invitations(6)).slice(4);
    expect(gone.map(({ to, method }) => `${method} ${to}`).toSorted()).toEqual([`CANCEL ${ADDRESS}`, `CANCEL ${LEA}`]);
  });

  it('do not wait for one whose mailbox takes nothing, now or ever', async () => {
    await connectNobody();
    here.server().refuses('to', { code: 550, words: `no such mailbox ${NOOR}` });
    await write({ attendees: { invite: [{ email: NOOR }, { email: LEA }] } });
    await invitations(2);
    await nothingWaits();
    const refused = here.world.log.filter(({ event }) => event === 'invitation_refused');
    expect(refused).toHaveLength(1);
    expect(JSON.stringify(here.world.log)).not.toMatch(/noor@|lea@|nowhere\.example/i);
  });
});

describe('a mail server that is down', () => {
  it('loses nothing, doubles nothing, and keeps the order', async () => {
    await connectNobody();
    await here.stopMail();
    expect(await write()).toBe(202);
    expect(await write({ summary: 'Second interview' })).toBe(202);
    await expect.poll(() => here.world.log.some(({ event }) => event === 'work_postponed')).toBe(true);
    await here.restartMail();
    before = 0;
    here.world.clock.pass({ minutes: 2 });
    const arrived = await invitations(2).catch(async () => {
      // The next round comes within ten seconds; a change makes it come now.
      here.world.clock.pass({ minutes: 2 });
      await write({ event_id: 'another', start: '2026-11-04', end: '2026-11-05' });
      return invitations(3);
    });
    const own = arrived.filter(({ start }) => start === '2026-11-03T10:00:00Z');
    expect(own.map(({ sequence }) => sequence)).toEqual([0, 1]);
    await nothingWaits();
  }, 25_000);
});

describe('whom invitations are from', () => {
  it('is whom the application says, also for an event whose first invitation said otherwise no longer', async () => {
    await connectNobody();
    await here.world.database.execute(
      `update applications set organizer_name = 'Planner Team', organizer_email = 'team@planner.example', reply_to = 'answers@planner.example'`,
    );
    await write();
    const [first] = await invitations(1);
    expect(first).toMatchObject({
      organizer: 'mailto:team@planner.example',
      from: 'calendars@acme.example',
      replyTo: 'answers@planner.example',
    });
    await here.world.database.execute(`update applications set organizer_email = 'other@planner.example'`);
    await write({ summary: 'Second interview' });
    expect((await invitations(2))[1]).toMatchObject({ organizer: 'mailto:team@planner.example', replyTo: 'answers@planner.example' });
  });

  it('speaks the language of the event, or else of the account', async () => {
    await connectNobody();
    await here.world.database.execute(`update accounts set locale = 'fr'`);
    await write({ locale: 'de' });
    await write({ event_id: 'interview-2' });
    const [first, second] = await invitations(2);
    const subjects = [first?.subject, second?.subject];
    await write({ event_id: 'interview-3', locale: 'en' });
    const third = (await invitations(3))[2]?.subject;
    expect(new Set([...subjects, third]).size).toBe(3);
  });
});

describe('what was sent as an invitation', () => {
  it('is all that is known of somebody who shared nothing, and counts without being asked for', async () => {
    await connectNobody();
    expect((await api.freeBusy(NOVEMBER_3)).free_busy).toEqual([]);
    await write();
    await write({ event_id: 'holiday', start: '2026-11-03', end: '2026-11-04', transparency: 'transparent' });
    const busy = { calendar_id: primary, start: '2026-11-03T10:00:00Z', end: '2026-11-03T11:00:00Z', free_busy_status: 'busy' };
    const free = { calendar_id: primary, start: '2026-11-03', end: '2026-11-04', free_busy_status: 'free' };
    expect((await api.freeBusy(NOVEMBER_3)).free_busy).toEqual([busy]);
    expect((await api.freeBusy({ ...NOVEMBER_3, include_free: 'true' })).free_busy).toEqual([free, busy]);
    await api.remove(primary, { event_id: 'interview-1' });
    expect((await api.freeBusy(NOVEMBER_3)).free_busy).toEqual([]);
  });

  it('counts beside what Google says where it is asked for', async () => {
    await connectFreeBusy();
    await write({ start: '2026-11-03T20:00:00Z', end: '2026-11-03T21:00:00Z' });
    const evening = async (query: Record<string, string> = {}) =>
      (await api.freeBusy({ ...NOVEMBER_3, ...query })).free_busy.filter(({ start }) => String(start) >= '2026-11-03T20');
    expect(await evening()).toEqual([]);
    expect(await evening({ include_managed: 'true' })).toMatchObject([{ start: '2026-11-03T20:00:00Z' }]);
  });

  it('is kept in no clear text, and is gone once the partner revokes the account, sent or not', async () => {
    await connectNobody();
    const { body } = await api.get<{ account: { account_id: string } }>('/v1/account');
    await here.stopMail();
    await write({ summary: 'Talk about the merger', attendees: { invite: [{ email: NOOR }] } });
    const contents = await here.world.database.contents();
    for (const secret of ['merger', NOOR]) expect(contents).not.toContain(secret);
    await createPartnerServer(here.world).revoke({ sub: body.account.account_id });
    const kept = () => here.world.database.execute('select id from managed_events union all select id from invitations');
    await expect.poll(kept).toEqual([]);
    await here.restartMail();
  });
});

describe('an event whose person changes what they share', () => {
  const share = (mode: string, name: string) =>
    here.world.database.execute(`update profiles set access_mode = '${mode}', provider_name = '${name}'`);

  it('is mailed from when less is shared, and taken back by mail and written where it was when everything is shared again', async () => {
    const code = await authorizedCode(here.world, { scope: 'read_write', provider_name: 'google' });
    const { body } = await createPartnerServer(here.world).redeem(code, { redirect_uri: CALLBACK });
    use(calendarApi(here.world, body.access_token));
    primary = (await api.calendar(AMIRA)).calendar_id;
    const made = () => here.world.google.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/events')).length;
    await write();
    expect(made()).toBe(1);
    await share('free_busy', 'google_free_busy');
    expect(await write({ summary: 'Second interview' })).toBe(202);
    expect(await invitations(1)).toMatchObject([{ method: 'REQUEST', sequence: 0 }]);
    await share('full', 'google');
    expect(await write({ summary: 'Third interview' })).toBe(202);
    expect((await invitations(2))[1]).toMatchObject({ method: 'CANCEL', sequence: 1 });
    expect(made()).toBe(1);
    await nothingWaits();
  });
});

it('is refused where the backend sends no mail, saying what the operator has to do', async () => {
  const world = await createWorld();
  try {
    const code = await authorizedCode(world, {}, { accessMode: 'free_busy' });
    const { body } = await createPartnerServer(world).redeem(code, { redirect_uri: CALLBACK });
    const connected = calendarApi(world, body.access_token);
    const { calendar_id } = await connected.calendar(AMIRA);
    const refused = await connected.write(calendar_id, anEvent());
    expect([refused.status, refused.body?.errors['calendar_id']?.[0]]).toEqual([
      422,
      { key: 'errors.invitations_not_available', description: expect.stringContaining('SMTP_URL') },
    ]);
  } finally {
    await world.close();
  }
});
