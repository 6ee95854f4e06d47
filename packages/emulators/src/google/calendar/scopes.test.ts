import { describe, expect, test } from 'vitest';
import { AMIRA, createAppUnderTest, JONAS, type AppUnderTest, type Call } from '../../../test/app-under-test.ts';
import { CALENDAR_SCOPES } from '../oauth/scopes.ts';

const SPAN = { timeMin: '2026-12-01T00:00:00Z', timeMax: '2026-12-02T00:00:00Z' };
const EVENT = { start: { date: '2026-12-24' }, end: { date: '2026-12-25' } };

/** Google's method descriptions, written down a second time: which scopes let an app call which method. */
const MATRIX: [string, string, string, string[], unknown?][] = [
  [
    'calendarList.list',
    'GET',
    '/users/me/calendarList',
    ['calendar', 'calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly'],
  ],
  ['calendars.get', 'GET', '/calendars/primary', ['calendar', 'calendar.readonly', 'calendar.calendars', 'calendar.calendars.readonly']],
  ['settings.get', 'GET', '/users/me/settings/timezone', ['calendar', 'calendar.readonly', 'calendar.settings.readonly']],
  [
    'events.list',
    'GET',
    '/calendars/primary/events',
    [
      'calendar',
      'calendar.readonly',
      'calendar.events',
      'calendar.events.readonly',
      'calendar.events.owned',
      'calendar.events.owned.readonly',
      'calendar.events.freebusy',
    ],
  ],
  ['events.insert', 'POST', '/calendars/primary/events', ['calendar', 'calendar.events', 'calendar.events.owned'], EVENT],
  [
    'freebusy.query',
    'POST',
    '/freeBusy',
    ['calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'],
    { ...SPAN, items: [{ id: 'primary' }] },
  ],
];

async function callersByScope(app: AppUnderTest): Promise<[string, Call][]> {
  const names = [...CALENDAR_SCOPES.keys()].map((scope) => scope.slice('https://www.googleapis.com/auth/'.length));
  const callers: [string, Call][] = [];
  for (const name of names) callers.push([name, await app.calling([name])]);
  return callers;
}

test('each method takes the scopes that Google says, and no other', async () => {
  const callers = await callersByScope(createAppUnderTest());

  for (const [method, verb, path, allowed, body] of MATRIX) {
    const passed: string[] = [];
    for (const [name, call] of callers) if ((await call(verb, path, body)).status === 200) passed.push(name);
    expect([method, passed.toSorted()]).toEqual([method, allowed.toSorted()]);
  }
});

describe('a call without the right', () => {
  test('scope is a 403 that says which', async () => {
    const call = await createAppUnderTest().calling(['calendar.events']);

    const { status, headers, body } = await call('POST', '/freeBusy', { ...SPAN, items: [{ id: 'primary' }] });

    expect(status).toBe(403);
    expect(headers.get('WWW-Authenticate')).toContain('insufficient_scope');
    expect(body.error).toMatchObject({
      code: 403,
      message: 'Request had insufficient authentication scopes.',
      errors: [{ message: 'Insufficient Permission', domain: 'global', reason: 'insufficientPermissions' }],
      status: 'PERMISSION_DENIED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', domain: 'googleapis.com' },
      ],
    });
  });

  test('token is a 401: none, unknown, or too old', async () => {
    let now = Date.now();
    const app = createAppUnderTest({ now: () => now });
    const call = await app.calling(['calendar']);

    const none = await app.request('/calendar/v3/users/me/calendarList');
    expect(none.status).toBe(401);
    expect(await none.json()).toMatchObject({
      error: { errors: [{ reason: 'required', message: 'Login Required.' }], status: 'UNAUTHENTICATED' },
    });
    now += 3599_000;
    const old = await call('GET', '/users/me/calendarList');
    expect(old.status).toBe(401);
    expect(old.headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
    expect(old.body.error).toMatchObject({
      code: 401,
      errors: [
        { message: 'Invalid Credentials', domain: 'global', reason: 'authError', location: 'Authorization', locationType: 'header' },
      ],
      status: 'UNAUTHENTICATED',
    });
    expect(old.body.error.message).toMatch(/^Request had invalid authentication credentials\. /);
  });
});

describe('calendar.events.freebusy', () => {
  test('shows when somebody is busy and nothing of why', async () => {
    const call = await createAppUnderTest().calling(['calendar.events.freebusy']);

    const { body } = await call('GET', '/calendars/primary/events');

    expect(body.items.length).toBeGreaterThan(2);
    const shown = new Set(body.items.flatMap((event) => Object.keys(event)));
    expect([...shown].toSorted()).toEqual(['end', 'etag', 'id', 'kind', 'start', 'status', 'updated', 'visibility']);
    expect(JSON.stringify(body)).not.toMatch(/Budget|Lindenstraße|jonas@|Writing time/);
  });

  test('does not show events that leave one free, not even by their id', async () => {
    const call = await createAppUnderTest().calling(['calendar.events.freebusy']);

    expect((await call('GET', '/calendars/primary/events')).body.items.map((event) => event['id'])).not.toContain('amirafocus');
    expect((await call('GET', '/calendars/primary/events/amirafocus')).status).toBe(404);
    expect((await call('GET', '/calendars/primary/events/amirabudget')).body).not.toHaveProperty('summary');
  });

  test('shows everything when a scope that shows everything stands beside it', async () => {
    const call = await createAppUnderTest().calling(['calendar.events.freebusy', 'calendar.events.readonly']);

    expect((await call('GET', '/calendars/primary/events/amirabudget')).body).toMatchObject({ summary: 'Budget talk with Jonas' });
  });
});

test('calendar.events.owned reaches calendars one owns, calendar.events.public.readonly public ones', async () => {
  const app = createAppUnderTest();
  const holidays = `/calendars/${encodeURIComponent('en.german#holiday@group.v.calendar.google.com')}/events`;
  const owned = await app.calling(['calendar.events.owned']);
  const open = await app.calling(['calendar.events.public.readonly']);

  expect((await owned('GET', holidays)).status).toBe(404);
  expect((await open('GET', holidays)).status).toBe(200);
  expect((await open('GET', '/calendars/primary/events')).status).toBe(404);
});

test('the calendar of somebody else looks as if it did not exist', async () => {
  const call = await createAppUnderTest().calling(['calendar'], JONAS);

  for (const path of [`/calendars/${AMIRA}`, `/calendars/${AMIRA}/events`, `/users/me/calendarList/${AMIRA}`]) {
    const { status, body } = await call('GET', path);
    expect(status).toBe(404);
    expect(body.error).toEqual({
      code: 404,
      message: 'Not Found',
      errors: [{ domain: 'global', reason: 'notFound', message: 'Not Found' }],
    });
  }
});

test('a path that the emulator does not know is Google’s 404 page', async () => {
  const app = createAppUnderTest();
  const call = app.request;

  for (const path of ['/calendar/v3/colors', '/calendar/v3/calendars/primary/events/watch', '/drive/v3/files']) {
    const response = await call(path, { method: 'POST' });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('was not found on this server');
  }
});
