import { expect, test } from 'vitest';
import { AMIRA, createAppUnderTest, JONAS } from '../../../test/app-under-test.ts';

test('the list has the primary calendar first, whose title is the address, and a role for each', async () => {
  const call = await createAppUnderTest().calling(['calendar.calendarlist.readonly']);

  const { body } = await call('GET', '/users/me/calendarList');

  expect(body['kind']).toBe('calendar#calendarList');
  expect(body.items.map(({ summary, accessRole }) => [summary, accessRole])).toEqual([
    [AMIRA, 'owner'],
    ['Team holidays', 'writer'],
    ['Room plan', 'freeBusyReader'],
    ['Holidays in Germany', 'reader'],
  ]);
  expect(body.items[0]).toMatchObject({ kind: 'calendar#calendarListEntry', id: AMIRA, primary: true, timeZone: 'Europe/Berlin' });
  expect(body.items[1]).not.toHaveProperty('primary');
});

test('minAccessRole leaves out calendars with less', async () => {
  const call = await createAppUnderTest().calling(['calendar']);

  expect((await call('GET', '/users/me/calendarList?minAccessRole=writer')).body.items).toHaveLength(2);
  expect((await call('GET', '/users/me/calendarList?minAccessRole=king')).status).toBe(400);
});

test('hidden calendars are listed only when asked for', async () => {
  const calendars = [{ summary: 'Old project', hidden: true }];
  const call = await createAppUnderTest({ users: [{ email: JONAS, name: 'Jonas', calendars }] }).calling(['calendar'], JONAS);

  expect((await call('GET', '/users/me/calendarList')).body.items).toHaveLength(1);
  expect((await call('GET', '/users/me/calendarList?showHidden=true')).body.items[1]).toMatchObject({
    summary: 'Old project',
    hidden: true,
  });
});

test('a page holds 100 calendars at first and 250 at most', async () => {
  const calendars = Array.from({ length: 299 }, (_, index) => ({ summary: `Calendar ${index}` }));
  const call = await createAppUnderTest({ users: [{ email: JONAS, name: 'Jonas', calendars }] }).calling(['calendar'], JONAS);

  const first = await call('GET', '/users/me/calendarList');
  expect(first.body.items).toHaveLength(100);
  const largest = await call('GET', '/users/me/calendarList?maxResults=1000');
  expect(largest.body.items).toHaveLength(250);
  const rest = await call('GET', `/users/me/calendarList?maxResults=250&pageToken=${String(largest.body['nextPageToken'])}`);
  expect(rest.body.items).toHaveLength(50);
  expect(rest.body).not.toHaveProperty('nextPageToken');
  expect((await call('GET', '/users/me/calendarList?maxResults=0')).status).toBe(400);
  expect((await call('GET', '/users/me/calendarList?pageToken=mine')).status).toBe(400);
});

test('one entry, one calendar and the time zone can be read alone', async () => {
  const call = await createAppUnderTest().calling(['calendar.readonly']);

  expect((await call('GET', '/users/me/calendarList/primary')).body).toMatchObject({ id: AMIRA, primary: true });
  expect((await call('GET', '/calendars/primary')).body).toMatchObject({ kind: 'calendar#calendar', id: AMIRA, timeZone: 'Europe/Berlin' });
  expect((await call('GET', '/users/me/settings/timezone')).body).toMatchObject({
    kind: 'calendar#setting',
    id: 'timezone',
    value: 'Europe/Berlin',
  });
  expect((await call('GET', '/users/me/settings/nothing')).status).toBe(404);
});
