import { type RunningMailboxEmulator, startMailboxEmulator } from '@calendar-connect/emulators';
import type { AccessMode } from '@calendar-connect/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anEvent, type CalendarApi, calendarApi } from './support/calendar-api.ts';
import {
  createMeetingWorld,
  type MeetingPartner,
  meetingPartner,
  type MeetingWorld,
  serviceNamed,
  SERVICES,
} from './support/conferencing.ts';
import { codeIn, NO_ACCESS, typeCode } from './support/no-access.ts';
import { openPage } from './support/partner-page.ts';
import { authorizedCode, createPartnerServer } from './support/partner-server.ts';
import { type WatchedCalendar, watchCalendar } from './support/watched-calendar.ts';
import { AMIRA, CALLBACK, JONAS } from './support/world.ts';

let world: MeetingWorld;
let mailbox: RunningMailboxEmulator;
let google: WatchedCalendar;

beforeEach(async () => {
  mailbox = await startMailboxEmulator();
  world = await createMeetingWorld({
    database: 'file',
    accessModes: ['full', 'free_busy', 'no_access'],
    providers: (atGoogle) => {
      google = watchCalendar(atGoogle);
      return [google.provider];
    },
    mail: { smtpUrl: mailbox.smtpUrl, from: 'Acme Calendars <calendars@acme.example>' },
  });
});
afterEach(async () => {
  await world.close();
  await mailbox.close();
});

const zoom = serviceNamed('zoom');
const webex = serviceNamed('webex');

/** Somebody's partner, with a token of an account in this access mode. */
interface Connected {
  readonly token: string;
  readonly api: CalendarApi;
  readonly partner: MeetingPartner;
  readonly calendarId: string;
  readonly write: (changes?: object) => ReturnType<CalendarApi['write']>;
  /** Connects a service, and answers with its profile's id. */
  readonly meetBy: (service?: typeof zoom) => Promise<string>;
}

async function tokenIn(mode: AccessMode, account: string): Promise<string> {
  const server = createPartnerServer(world);
  if (mode !== 'no_access') {
    const asked = { full: ['read_write', 'google'], free_busy: ['free_busy_write', 'google_free_busy'] } as const;
    const [scope, providerName] = asked[mode];
    const code = await authorizedCode(world, { scope, provider_name: providerName }, { account });
    return (await server.redeem(code, { redirect_uri: CALLBACK })).body.access_token;
  }
  const page = openPage(world);
  const session = await page.mint({ scope: 'free_busy_write' });
  const form = await session.start(NO_ACCESS);
  const codeForm = await page.browser.submit(form, { type: { email: account }, press: 'Continue' });
  await typeCode(page, codeForm, codeIn((await mailbox.control.waitForMailTo(account)).text));
  const { body } = await session.exchange((await session.poll()).code);
  mailbox.control.clear();
  return (await server.redeem(body.receipt)).body.access_token;
}

async function connected(mode: AccessMode = 'free_busy', account = AMIRA): Promise<Connected> {
  const token = await tokenIn(mode, account);
  const api = calendarApi(world, token);
  const partner = meetingPartner(world, token);
  const calendarId = (await api.calendars()).find((each) => each.calendar_primary)?.calendar_id ?? '';
  return {
    token,
    api,
    partner,
    calendarId,
    write: (changes) => api.write(calendarId, anEvent(changes)),
    meetBy: async (service = zoom) => {
      await partner.connect(service);
      const profiles = await partner.profiles();
      return profiles.find(({ provider_name: name }) => name === service.providerName)?.profile_id ?? '';
    },
  };
}

const by = (profileId: string) => ({ conferencing: { profile_id: profileId } });
const topics = () => world.zoom.meetings.map(({ topic }) => topic);
const zoomCalls = (method: string) =>
  world.zoom.requests.filter((each) => each.method === method && each.path.includes('/meetings')).length;

describe.each<AccessMode>(['full', 'free_busy', 'no_access'])('an event in %s mode', (mode) => {
  it('gets a meeting of the profile that is named, and people get its address', async () => {
    const { write, meetBy } = await connected(mode);
    const profile = await meetBy();
    expect((await write(by(profile))).status).toBe(202);
    const [meeting] = world.zoom.meetings;
    expect(meeting).toMatchObject({ topic: 'Interview', start_time: '2026-11-03T10:00:00Z', duration: 60, ownerEmail: AMIRA });
    const told =
      mode === 'full'
        ? JSON.stringify(await google.eventsCalled(AMIRA, 'Interview'))
        : (await mailbox.control.waitForMailTo(AMIRA)).calendar?.source.replaceAll('\r\n ', '');
    expect(told).toMatch(new RegExp(`https://[\\w.]+/j/${meeting?.id}\\?pwd=`));
    expect(told).toContain('Zoom');
  });
});

describe.each(SERVICES)('a meeting by $name', (service) => {
  it('is made for an event, moved with it, and its address stays', async () => {
    const { write, meetBy } = await connected();
    const profile = await meetBy(service);
    const source = async (after?: Parameters<typeof mailbox.control.waitForMailTo>[1]) => {
      const mail = await mailbox.control.waitForMailTo(AMIRA, after);
      return { mail, conference: /CONFERENCE[^:]*:(\S+)/.exec(mail.calendar?.source.replaceAll('\r\n ', '') ?? '')?.[1] };
    };
    expect((await write(by(profile))).status).toBe(202);
    const first = await source();
    expect(first.conference).toMatch(/^https:\/\//);
    expect((await write({ start: '2026-11-03T14:00:00Z', end: '2026-11-03T15:00:00Z' })).status).toBe(202);
    expect((await source({ after: first.mail })).conference).toBe(first.conference);
  });
});

describe('the meeting of an event', () => {
  it('stays the same when the event moves, and nobody is asked where nothing of it changes', async () => {
    const { write, meetBy } = await connected();
    const profile = await meetBy();
    await write(by(profile));
    const [before] = world.zoom.meetings;
    await write({ summary: 'Second interview', start: '2026-11-04T09:00:00Z', end: '2026-11-04T09:30:00Z', ...by(profile) });
    expect(world.zoom.meetings).toMatchObject([
      { id: before?.id, topic: 'Second interview', start_time: '2026-11-04T09:00:00Z', duration: 30 },
    ]);
    world.zoom.clearRequests();
    await write({ summary: 'Second interview', start: '2026-11-04T09:00:00Z', end: '2026-11-04T09:30:00Z', description: 'Draft' });
    expect(world.zoom.requests).toEqual([]);
  });

  it('is cancelled with the event', async () => {
    const { api, calendarId, write, meetBy } = await connected();
    await write(by(await meetBy()));
    expect((await api.remove(calendarId, { event_id: 'interview-1' })).status).toBe(202);
    await vi.waitFor(() => expect(world.zoom.meetings).toEqual([]), 5000);
  });

  it('is cancelled where people meet elsewhere from now on, or not at all', async () => {
    const { write, meetBy } = await connected();
    const [atZoom, atWebex] = [await meetBy(), await meetBy(webex)];
    await write(by(atZoom));
    await write(by(atWebex));
    await vi.waitFor(() => expect(world.zoom.meetings).toEqual([]), 5000);
    expect(world.webex.meetings).toHaveLength(1);
    await write(by('none'));
    await vi.waitFor(() => expect(world.webex.meetings).toEqual([]), 5000);
  });

  it('is made anew where its host deleted it', async () => {
    const { write, meetBy } = await connected();
    await write(by(await meetBy()));
    const [deleted] = world.zoom.meetings;
    await world.deleteAtZoom(deleted?.id ?? '');
    expect((await write({ summary: 'Moved' })).status).toBe(202);
    expect(topics()).toEqual(['Moved']);
  });

  it('is one, however many backends write the event at the same instant', async () => {
    const { token, write, meetBy, calendarId } = await connected();
    const profile = await meetBy();
    const other = await world.restarted((atGoogle) => [atGoogle]);
    const elsewhere = calendarApi(other, token);
    await Promise.all([
      write({ summary: 'Here', ...by(profile) }),
      elsewhere.write(calendarId, anEvent({ summary: 'There', ...by(profile) })),
    ]);
    await vi.waitFor(() => expect(world.zoom.meetings).toHaveLength(1), 5000);
    await other.close();
  });
});

describe('default', () => {
  it('is the service that was connected last, and stays what it was for an event that has one', async () => {
    const { write, meetBy } = await connected();
    await meetBy();
    await write(by('default'));
    expect(topics()).toEqual(['Interview']);
    world.clock.pass({ seconds: 1 });
    await meetBy(webex);
    await write({ summary: 'Moved', ...by('default') });
    await write({ event_id: 'interview-2', ...by('default') });
    expect([topics(), world.webex.meetings.length]).toEqual([['Moved'], 1]);
  });

  it('is none where none is connected, and none that was revoked', async () => {
    const { partner, write, meetBy } = await connected();
    expect((await write(by('default'))).status).toBe(202);
    const profile = await meetBy();
    await partner.ask('POST', `/v1/profiles/${profile}/revoke`);
    expect((await write({ event_id: 'interview-2', ...by('default') })).status).toBe(202);
    expect(zoomCalls('POST')).toBe(0);
  });
});

describe('a service', () => {
  it('whose token has ended is asked once more with a new one', async () => {
    const { write, meetBy } = await connected();
    const profile = await meetBy();
    world.zoom.expireAccessTokens(AMIRA);
    expect((await write(by(profile))).status).toBe(202);
    expect([zoomCalls('POST'), topics()]).toEqual([2, ['Interview']]);
  });

  it('that is down says so, and the same request later makes one meeting', async () => {
    const { write, meetBy } = await connected();
    const profile = await meetBy();
    const end = world.zoom.addFault({ group: 'api', status: 503, retryAfterSeconds: 30 });
    const refused = await write(by(profile));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    end();
    expect(mailbox.control.mails).toEqual([]);
    expect((await write(by(profile))).status).toBe(202);
    expect(topics()).toEqual(['Interview']);
  });

  it('that is down when a meeting is to be cancelled hears of it later', async () => {
    const { api, calendarId, write, meetBy } = await connected();
    const profile = await meetBy();
    await write(by(profile));
    await write({ event_id: 'interview-2', ...by(profile) });
    const end = world.zoom.addFault({ group: 'api', status: 503 });
    expect((await api.remove(calendarId, { event_id: 'interview-1' })).status).toBe(202);
    await vi.waitFor(
      () => expect(world.log).toContainEqual(expect.objectContaining({ event: 'work_postponed', kind: 'cancel_meeting' })),
      5000,
    );
    end();
    world.clock.pass({ minutes: 10 });
    await api.remove(calendarId, { event_id: 'interview-2' });
    await vi.waitFor(() => expect(world.zoom.meetings).toEqual([]), 5000);
  });

  it('that does not make it for this person is named in the refusal', async () => {
    const { write, meetBy } = await connected();
    const profile = await meetBy();
    world.zoom.addFault({ group: 'api', status: 403, times: 1 });
    const { status, body } = await write(by(profile));
    expect([
      status,
      Object.values(body?.errors ?? {})
        .flat()
        .map(({ key }) => key),
    ]).toEqual([422, ['errors.conferencing_refused']]);
  });

  it('whose grant is dead is disconnected, and what its person changes otherwise is not held up', async () => {
    const { partner, write, meetBy } = await connected();
    const profile = await meetBy();
    await write(by(profile));
    world.zoom.revokeAllFor(AMIRA);
    const refused = await write({ summary: 'Moved', ...by(profile) });
    expect(Object.values(refused.body?.errors ?? {}).flat()).toMatchObject([{ key: 'errors.conferencing_profile_disconnected' }]);
    expect(await partner.profiles()).toMatchObject([{ profile_id: profile, profile_connected: false }]);
    expect((await write({ summary: 'Moved' })).status).toBe(202);
    await meetBy();
    expect((await write({ summary: 'Moved again', ...by(profile) })).status).toBe(202);
    expect(topics()).toEqual(['Moved again']);
  });

  it('of another account is none of this one, and a calendar is no service', async () => {
    const theirs = await (await connected('free_busy', JONAS)).meetBy();
    const { api, write } = await connected();
    const calendarProfile = (await api.calendars())[0]?.profile_id ?? '';
    for (const profile of [theirs, calendarProfile, 'pro_000000000000000000000000']) {
      const { status, body } = await write(by(profile));
      expect(status).toBe(422);
      expect(Object.values(body?.errors ?? {}).flat()).toMatchObject([{ key: 'errors.conferencing_profile_not_found' }]);
    }
    expect(world.zoom.meetings).toEqual([]);
  });
});
