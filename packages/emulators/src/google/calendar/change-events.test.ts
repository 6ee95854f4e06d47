import { describe, expect, test } from 'vitest';
import { createAppUnderTest } from '../../../test/app-under-test.ts';

const EVENT = { summary: 'Interview', start: { dateTime: '2026-12-01T10:00:00+01:00' }, end: { dateTime: '2026-12-01T11:00:00+01:00' } };
const EVENTS = '/calendars/primary/events';

describe('insert', () => {
  test('gives the event an id, an etag and an iCalUID', async () => {
    const call = await createAppUnderTest().calling(['calendar.events']);

    const { status, headers, body } = await call('POST', EVENTS, EVENT);

    expect(status).toBe(200);
    expect(body['id']).toMatch(/^[a-v0-9]{20,}$/);
    expect(body['etag']).toMatch(/^"\d+"$/);
    expect(headers.get('ETag')).toBe(body['etag']);
    expect(body['iCalUID']).toBe(`${String(body['id'])}@google.com`);
  });

  test('takes an id that the client chose, once, and not again after deletion', async () => {
    const call = await createAppUnderTest().calling(['calendar.events']);
    const chosen = { ...EVENT, id: 'abc123' };

    expect((await call('POST', EVENTS, chosen)).body['id']).toBe('abc123');
    const second = await call('POST', EVENTS, chosen);
    expect(second.status).toBe(409);
    expect(second.body.error.errors[0]).toMatchObject({ reason: 'duplicate', message: 'The requested identifier already exists.' });
    await call('DELETE', `${EVENTS}/abc123`);
    expect((await call('POST', EVENTS, chosen)).status).toBe(409);
  });

  test.each([
    ['no end', { end: undefined }, 'required'],
    ['no start', { start: undefined }, 'required'],
    ['a time without offset or zone', { start: { dateTime: '2026-12-01T10:00:00' } }, 'invalid'],
    ['an unknown zone', { start: { dateTime: '2026-12-01T10:00:00', timeZone: 'Mars/Base' } }, 'invalid'],
    ['an end before the start', { end: { dateTime: '2026-12-01T09:00:00+01:00' } }, 'invalid'],
    ['an id that is not base32hex', { id: 'my-event' }, 'invalid'],
    ['an attendee without address', { attendees: [{ displayName: 'Nobody' }] }, 'invalid'],
    ['an unknown transparency', { transparency: 'glass' }, 'invalid'],
    ['a series without time zone', { recurrence: ['RRULE:FREQ=DAILY'] }, 'required'],
  ])('refuses %s', async (_what, changes, reason) => {
    const call = await createAppUnderTest().calling(['calendar.events']);

    const { status, body } = await call('POST', EVENTS, { ...EVENT, ...changes });

    expect(status).toBe(400);
    expect(body.error.errors[0]?.reason).toBe(reason);
  });

  test('refuses a recurrence rule that the emulator can not unfold, rather than get it wrong', async () => {
    const call = await createAppUnderTest().calling(['calendar.events']);
    const start = { ...EVENT.start, timeZone: 'Europe/Berlin' };

    const { body } = await call('POST', EVENTS, { ...EVENT, start, recurrence: ['RRULE:FREQ=MONTHLY;BYDAY=1MO'] });

    expect(body.error.message).toContain('Google emulator');
  });

  test('refuses a calendar that one may only read, and a body that is not JSON', async () => {
    const app = createAppUnderTest();
    const call = await app.calling(['calendar']);
    const holidays = `/calendars/${encodeURIComponent('en.german#holiday@group.v.calendar.google.com')}/events`;

    expect((await call('POST', holidays, EVENT)).body.error.errors[0]?.reason).toBe('requiredAccessLevel');
    expect((await call('POST', holidays, EVENT)).status).toBe(403);
    expect((await call('POST', EVENTS)).body.error.errors[0]?.reason).toBe('parseError');
    expect((await call('POST', '/calendars/c_teamholidays@group.calendar.google.com/events', EVENT)).status).toBe(200);
  });
});

describe('change', () => {
  test('patch lays fields over the event, null clears one; update replaces the event', async () => {
    const call = await createAppUnderTest().calling(['calendar.events']);
    await call('POST', EVENTS, { ...EVENT, id: 'abc123', location: 'Here', extendedProperties: { private: { a: '1' } } });

    const patched = await call('PATCH', `${EVENTS}/abc123`, {
      summary: 'Talk',
      location: null,
      extendedProperties: { private: { b: '2' } },
    });
    expect(patched.body).toMatchObject({ summary: 'Talk', extendedProperties: { private: { a: '1', b: '2' } }, sequence: 1 });
    expect(patched.body).not.toHaveProperty('location');
    const updated = await call('PUT', `${EVENTS}/abc123`, { start: EVENT.start, end: EVENT.end });
    expect(updated.status).toBe(200);
    expect(updated.body).not.toHaveProperty('summary');
  });

  test('heeds If-Match', async () => {
    const call = await createAppUnderTest().calling(['calendar.events']);
    const { body } = await call('POST', EVENTS, { ...EVENT, id: 'abc123' });
    const ifMatch = { 'If-Match': String(body['etag']) };

    expect((await call('PATCH', `${EVENTS}/abc123`, { summary: 'First' }, ifMatch)).status).toBe(200);
    const second = await call('PATCH', `${EVENTS}/abc123`, { summary: 'Second' }, ifMatch);
    expect(second.status).toBe(412);
    expect(second.body.error.errors[0]?.reason).toBe('conditionNotMet');
    expect((await call('DELETE', `${EVENTS}/abc123`, undefined, ifMatch)).status).toBe(412);
    expect((await call('PUT', `${EVENTS}/abc123`, EVENT, { 'If-Match': '*' })).status).toBe(200);
  });

  test('of an event that never was is a 404', async () => {
    const call = await createAppUnderTest().calling(['calendar.events']);

    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
      expect((await call(method, `${EVENTS}/never`, method === 'GET' ? undefined : {})).status).toBe(404);
    }
  });
});

test('delete leaves a cancelled event that lists show only when asked, and a second delete is a 410', async () => {
  const call = await createAppUnderTest().calling(['calendar.events']);
  await call('POST', EVENTS, { ...EVENT, id: 'abc123' });
  const listed = async (query: string): Promise<unknown[]> =>
    (await call('GET', `${EVENTS}?${query}`)).body.items.map((event) => event['id']);

  expect((await call('DELETE', `${EVENTS}/abc123`)).status).toBe(204);

  expect(await listed('')).not.toContain('abc123');
  expect(await listed('showDeleted=true')).toContain('abc123');
  expect((await call('GET', `${EVENTS}/abc123`)).body).toMatchObject({ status: 'cancelled' });
  const again = await call('DELETE', `${EVENTS}/abc123`);
  expect(again.status).toBe(410);
  expect(again.body.error.errors[0]).toMatchObject({ reason: 'deleted', message: 'Resource has been deleted' });
});
