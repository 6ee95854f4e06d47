import { describe, expect, test } from 'vitest';
import { AMIRA, CLIENT_ID, createMicrosoftUnderTest, JONAS, LEA, NOOR, OTTO } from '../../../test/microsoft-under-test.ts';

const WINDOW = 'startDateTime=2026-11-16T00:00:00Z&endDateTime=2026-11-23T00:00:00Z';
const SCHEDULE = {
  schedules: [AMIRA],
  startTime: { dateTime: '2026-11-16T00:00:00', timeZone: 'UTC' },
  endTime: { dateTime: '2026-11-17T00:00:00', timeZone: 'UTC' },
};
const EVENT = {
  subject: 'Interview',
  start: { dateTime: '2026-11-19T10:00:00', timeZone: 'UTC' },
  end: { dateTime: '2026-11-19T11:00:00', timeZone: 'UTC' },
};

const CALLS: readonly (readonly [string, string, string, object?])[] = [
  ['me', 'GET', '/me'],
  ['calendars', 'GET', '/me/calendars'],
  ['calendar', 'GET', '/me/calendar'],
  ['calendarView', 'GET', `/me/calendarView?${WINDOW}`],
  ['events', 'GET', '/me/events'],
  ['getSchedule', 'POST', '/me/calendar/getSchedule', SCHEDULE],
  ['createEvent', 'POST', '/me/events', EVENT],
  ['mailboxSettings', 'GET', '/me/mailboxSettings'],
];
const READS = ['calendars', 'calendar', 'calendarView', 'events', 'getSchedule'];

describe('which permission lets an app call what', () => {
  test.each([
    ['User.Read', ['me']],
    ['Calendars.ReadBasic', READS],
    ['Calendars.Read', READS],
    ['Calendars.ReadWrite', [...READS, 'createEvent']],
    ['Calendars.Read.Shared', []],
    ['MailboxSettings.Read', ['mailboxSettings']],
  ])('%s', async (scope, allowed) => {
    const { calling } = createMicrosoftUnderTest();
    const call = await calling(AMIRA, scope);

    const passed: string[] = [];
    for (const [name, method, path, content] of CALLS) {
      const { status, body } = await call(method, path, content);
      if (status < 300) passed.push(name);
      else {
        expect(status).toBe(403);
        expect(body.error.code).toBe(name === 'me' ? 'Authorization_RequestDenied' : 'ErrorAccessDenied');
      }
    }

    expect(passed.toSorted()).toEqual(allowed.toSorted());
  });

  test('getSchedule does not exist for a personal account; calendarView does', async () => {
    const { calling } = createMicrosoftUnderTest();
    const call = await calling(JONAS, 'Calendars.ReadBasic');

    const refused = await call('POST', '/me/calendar/getSchedule', { ...SCHEDULE, schedules: [JONAS] });
    expect([refused.status, refused.body.error.code]).toEqual([404, 'MailboxNotEnabledForRESTAPI']);
    expect((await call('GET', `/me/calendarView?${WINDOW}`)).status).toBe(200);
  });
});

describe('a caller is refused', () => {
  test.each([
    ['without a token', '', 'Access token is empty.'],
    ['with a token nobody issued', 'Bearer eyJ0.x.y', 'CompactToken parsing failed with error code: 80049217'],
  ])('%s', async (_what, authorization, message) => {
    const { request } = createMicrosoftUnderTest();

    const response = await request('/v1.0/me', { headers: { Authorization: authorization, 'client-request-id': 'abc' } });

    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toContain('authorization_uri="http://microsoft.test/common/oauth2/authorize"');
    const { error } = (await response.json()) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code: 'InvalidAuthenticationToken', message });
    expect(error['innerError']).toMatchObject({ 'client-request-id': 'abc', 'request-id': expect.stringMatching(/^[\w-]{36}$/) });
  });

  test('with an expired token', async () => {
    let now = Date.now();
    const { calling } = createMicrosoftUnderTest({ now: () => now });
    const call = await calling(LEA, 'User.Read');
    expect((await call('GET', '/me')).status).toBe(200);

    now += 5400_000;

    const { status, body } = await call('GET', '/me');
    expect([status, body.error.message]).toEqual([401, 'Lifetime validation failed, the token is expired.']);
  });

  test('where the mailbox is not in Exchange Online, whose person can still be asked for', async () => {
    const { calling, control } = createMicrosoftUnderTest();
    const call = await calling(OTTO, 'User.Read Calendars.ReadWrite');

    for (const [, method, path, content] of CALLS.filter(([name]) => READS.includes(name))) {
      const { status, body } = await call(method, path, content);
      expect([status, body.error.code]).toEqual([404, 'MailboxNotEnabledForRESTAPI']);
    }
    expect((await call('GET', '/me')).body['userPrincipalName']).toBe(OTTO);
    control.setMailbox(OTTO, 'exchange_online');
    expect((await call('GET', '/me/calendars')).status).toBe(200);
  });

  test('as a guest, whose mailbox is in the other organisation', async () => {
    const { tokens, callWith, control } = createMicrosoftUnderTest();
    control.approve({ tenant: 'partner.example', clientId: CLIENT_ID });
    const call = callWith((await tokens(LEA, {}, 'partner.example'))['access_token'] ?? '');

    expect((await call('GET', '/me/calendars')).body.error.code).toBe('MailboxNotEnabledForRESTAPI');
    expect((await call('GET', '/me')).body['userPrincipalName']).toBe('lea_studio.example#EXT#@partner.example');
  });

  test('at a segment that does not exist', async () => {
    const { calling } = createMicrosoftUnderTest();
    const call = await calling(LEA, 'User.Read');

    expect((await call('GET', '/me/nothing')).body.error).toMatchObject({
      code: 'BadRequest',
      message: "Resource not found for the segment 'nothing'.",
    });
  });
});

describe('/me', () => {
  test('tells who it is, and only what $select names', async () => {
    const { calling, control } = createMicrosoftUnderTest();
    const call = await calling(AMIRA, 'User.Read');
    control.setEmailClaim(AMIRA, NOOR);

    expect((await call('GET', '/me')).body).toMatchObject({
      displayName: 'Amira Haddad',
      givenName: 'Amira',
      surname: 'Haddad',
      mail: NOOR,
      userPrincipalName: AMIRA,
      id: expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(Object.keys((await call('GET', '/me?$select=displayName,mail')).body)).toEqual(['@odata.context', 'displayName', 'mail', 'id']);
  });

  test('of a personal account has a short id', async () => {
    const { calling } = createMicrosoftUnderTest();

    expect((await (await calling(JONAS, 'User.Read'))('GET', '/me')).body['id']).toMatch(/^[\da-f]{16}$/);
  });
});

describe('faults', () => {
  test('throttle with Retry-After, for a while and for one person', async () => {
    const { calling, control } = createMicrosoftUnderTest();
    const amira = await calling(AMIRA, 'Calendars.Read');
    const lea = await calling(LEA, 'Calendars.Read');
    control.addFault({ group: 'graph', email: AMIRA, status: 429, retryAfterSeconds: 7, times: 1 });

    expect((await lea('GET', '/me/calendars')).status).toBe(200);
    const struck = await amira('GET', '/me/calendars');
    expect([struck.status, struck.headers.get('Retry-After'), struck.body.error.code]).toEqual([429, '7', 'ApplicationThrottled']);
    expect((await amira('GET', '/me/calendars')).status).toBe(200);
  });

  test.each([
    [500, 'InternalServerError'],
    [503, 'ServiceUnavailable'],
    [504, 'GatewayTimeout'],
    [401, 'InvalidAuthenticationToken'],
    [404, 'ErrorItemNotFound'],
  ] as const)('answer %i with %s', async (status, code) => {
    const { calling, control } = createMicrosoftUnderTest();
    const call = await calling(AMIRA, 'Calendars.Read');
    control.addFault({ group: 'graph', status });

    expect((await call('GET', '/me/calendars')).body.error.code).toBe(code);
  });

  test('say the code they are given', async () => {
    const { calling, control } = createMicrosoftUnderTest();
    const call = await calling(AMIRA, 'Calendars.Read');
    control.addFault({ group: 'graph', status: 403, graphCode: 'ErrorInvalidUser' });

    expect((await call('GET', '/me/calendars')).body.error.code).toBe('ErrorInvalidUser');
  });
});

test('a fifth call at a time on one mailbox is throttled', async () => {
  const { calling, control } = createMicrosoftUnderTest();
  const call = await calling(AMIRA, 'Calendars.Read');
  const other = await calling(LEA, 'Calendars.Read');
  control.addFault({ group: 'graph', delayMs: 60 });

  const answers = await Promise.all([...Array.from({ length: 5 }, () => call('GET', '/me/calendars')), other('GET', '/me/calendars')]);

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429, 200]);
  expect(answers[4]?.headers.get('Retry-After')).toBe('1');
  expect((await call('GET', '/me/calendars')).status).toBe(200);
});
