import { describe, expect, test } from 'vitest';
import { AMIRA, createMicrosoftUnderTest, JONAS, LEA, OTTO, type Call } from '../../../test/microsoft-under-test.ts';

const TIMES = {
  start: { dateTime: '2026-12-01T10:00:00', timeZone: 'UTC' },
  end: { dateTime: '2026-12-01T11:00:00', timeZone: 'UTC' },
};
const ONLINE = { ...TIMES, subject: 'Interview', isOnlineMeeting: true, onlineMeetingProvider: 'teamsForBusiness' };
const CALENDARS = 'Calendars.ReadWrite';
const MEETINGS = 'OnlineMeetings.ReadWrite';

function joinUrlOf(body: Record<string, unknown>): string {
  return (body['onlineMeeting'] as { joinUrl: string }).joinUrl;
}

function contentOf(body: Record<string, unknown>): string {
  return (body['body'] as { content: string }).content;
}

async function calling(email = AMIRA, scope = CALENDARS): Promise<Call> {
  return createMicrosoftUnderTest().calling(email, scope);
}

describe('an event that is to be online', () => {
  test('gets a Teams meeting, whose address is in the body too', async () => {
    const call = await calling();

    const { status, body } = await call('POST', '/me/events', { ...ONLINE, body: { contentType: 'text', content: 'Bring <tea>' } });

    expect(status).toBe(201);
    expect(body).toMatchObject({ isOnlineMeeting: true, onlineMeetingProvider: 'teamsForBusiness' });
    expect(joinUrlOf(body)).toMatch(/^https:\/\/teams\.microsoft\.com\/l\/meetup-join\/19%3Ameeting_/);
    expect(contentOf(body)).toContain('Bring &lt;tea>');
    expect(contentOf(body)).toContain(joinUrlOf(body));
    expect((await call('GET', `/me/events/${String(body['id'])}`)).body['onlineMeeting']).toEqual(body['onlineMeeting']);
  });

  test('can become online later, once, and does not stop by being told so', async () => {
    const call = await calling();
    const { body } = await call('POST', '/me/events', { ...TIMES, subject: 'Interview' });
    expect(body).toMatchObject({ isOnlineMeeting: false, onlineMeetingProvider: 'unknown', onlineMeeting: null });
    const path = `/me/events/${String(body['id'])}`;

    const online = (await call('PATCH', path, { isOnlineMeeting: true })).body;

    expect((await call('PATCH', path, { isOnlineMeeting: false })).body['onlineMeeting']).toEqual(online['onlineMeeting']);
    expect((await call('PATCH', path, { isOnlineMeeting: true })).body['onlineMeeting']).toEqual(online['onlineMeeting']);
  });

  test('keeps the meeting while the body has its address, and loses it with the address', async () => {
    const call = await calling();
    const { body } = await call('POST', '/me/events', ONLINE);
    const path = `/me/events/${String(body['id'])}`;
    const kept = { contentType: 'html', content: `<p>New.</p>${contentOf(body)}` };

    expect((await call('PATCH', path, { subject: 'Talk', body: kept })).body['onlineMeeting']).toEqual(body['onlineMeeting']);
    const lost = (await call('PATCH', path, { body: { contentType: 'html', content: '<p>New.</p>' } })).body;

    expect(lost).toMatchObject({ isOnlineMeeting: false, onlineMeeting: null });
    expect((await call('PATCH', path, { subject: 'Still' })).body['onlineMeeting']).toBeNull();
  });

  test('is the same for the same transactionId', async () => {
    const call = await calling();
    const first = await call('POST', '/me/events', { ...ONLINE, transactionId: 't1' });

    expect((await call('POST', '/me/events', { ...ONLINE, transactionId: 't1' })).body['onlineMeeting']).toEqual(
      first.body['onlineMeeting'],
    );
  });

  test('stays without a meeting where the calendar has no Teams', async () => {
    const call = await calling(JONAS);
    const { value } = (await call('GET', '/me/calendars')).body;
    expect(value[0]).toMatchObject({ allowedOnlineMeetingProviders: [], defaultOnlineMeetingProvider: 'unknown' });

    const { status, body } = await call('POST', '/me/events', ONLINE);

    expect([status, body['isOnlineMeeting'], body['onlineMeeting']]).toEqual([201, false, null]);
  });

  test('is refused with a provider that Graph does not know', async () => {
    expect((await (await calling())('POST', '/me/events', { ...ONLINE, onlineMeetingProvider: 'zoom' })).status).toBe(400);
  });

  test('says by calendar whether it can be, and a work calendar can be without', async () => {
    const mia = { email: 'mia@studio.example', name: 'Mia', tenant: 'studio.example', allowedOnlineMeetingProviders: [] };
    const app = createMicrosoftUnderTest();
    app.control.addUser(mia);

    const amiras = (await (await app.calling(AMIRA, CALENDARS))('GET', '/me/calendar')).body;
    expect(amiras).toMatchObject({ allowedOnlineMeetingProviders: ['teamsForBusiness'], defaultOnlineMeetingProvider: 'teamsForBusiness' });
    const mias = (await (await app.calling(mia.email, CALENDARS))('GET', '/me/calendar')).body;
    expect(mias).toMatchObject({ allowedOnlineMeetingProviders: [], defaultOnlineMeetingProvider: 'unknown' });
  });
});

describe('a meeting without an event', () => {
  const MEETING = { subject: 'Interview', startDateTime: '2026-12-01T10:00:00Z', endDateTime: '2026-12-01T11:00:00+00:00' };

  test('is made, changed and deleted, and keeps its address', async () => {
    const app = createMicrosoftUnderTest();
    const call = await app.calling(LEA, MEETINGS);

    const { status, body } = await call('POST', '/me/onlineMeetings', MEETING);

    expect(status).toBe(201);
    expect(body).toMatchObject({ subject: 'Interview', startDateTime: '2026-12-01T10:00:00Z', endDateTime: '2026-12-01T11:00:00Z' });
    expect(body['joinWebUrl']).toContain('https://teams.microsoft.com/l/meetup-join/');
    const path = `/me/onlineMeetings/${String(body['id'])}`;
    const changed = await call('PATCH', path, { subject: 'Talk' });
    expect([changed.status, changed.body]).toEqual([200, { ...body, subject: 'Talk' }]);
    expect((await call('GET', path)).body).toEqual(changed.body);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).status).toBe(404);
    expect(app.control.onlineMeetings).toEqual([]);
  });

  test('is another one each time, but for the same externalId', async () => {
    const call = await calling(LEA, MEETINGS);
    const made = async (path: string, body: object): Promise<[number, unknown]> => {
      const answer = await call('POST', path, body);
      return [answer.status, answer.body['joinWebUrl']];
    };

    expect((await made('/me/onlineMeetings', MEETING))[1]).not.toBe((await made('/me/onlineMeetings', MEETING))[1]);
    const [status, url] = await made('/me/onlineMeetings/createOrGet', { ...MEETING, externalId: 'e1' });
    expect(status).toBe(201);
    expect(await made('/me/onlineMeetings/createOrGet', { ...MEETING, externalId: 'e1' })).toEqual([200, url]);
    expect((await made('/me/onlineMeetings/createOrGet', MEETING))[0]).toBe(400);
  });

  test('needs no mailbox in Exchange Online', async () => {
    expect((await (await calling(OTTO, MEETINGS))('POST', '/me/onlineMeetings', MEETING)).status).toBe(201);
  });

  test('of somebody else does not exist', async () => {
    const app = createMicrosoftUnderTest();
    const { body } = await (await app.calling(LEA, MEETINGS))('POST', '/me/onlineMeetings', MEETING);

    expect((await (await app.calling(AMIRA, MEETINGS))('DELETE', `/me/onlineMeetings/${String(body['id'])}`)).status).toBe(404);
  });

  test('is refused without the permission, and to personal accounts', async () => {
    const withCalendars = await (await calling(LEA, CALENDARS))('POST', '/me/onlineMeetings', MEETING);
    expect([withCalendars.status, withCalendars.body.error.code]).toEqual([403, 'Forbidden']);
    expect((await (await calling(JONAS, MEETINGS))('POST', '/me/onlineMeetings', MEETING)).status).toBe(403);
  });

  test.each([
    ['an end before the start', { endDateTime: '2026-12-01T09:00:00Z' }],
    ['a time without an offset', { startDateTime: '2026-12-01T10:00:00' }],
    ['a title that is no text', { subject: 7 }],
  ])('is refused with %s', async (_what, changes) => {
    expect((await (await calling(LEA, MEETINGS))('POST', '/me/onlineMeetings', { ...MEETING, ...changes })).status).toBe(400);
  });

  test('needs an administrator where the organisation keeps consent from people', async () => {
    const app = createMicrosoftUnderTest();
    const scope = `openid offline_access ${MEETINGS}`;

    expect((await app.connect(AMIRA, { scope })).text).toContain('Need admin approval');
    const { location } = await app.connect(LEA, { scope });
    expect(location?.searchParams.has('code')).toBe(true);
  });
});
