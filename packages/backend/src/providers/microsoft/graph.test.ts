import { describe, expect, it } from 'vitest';
import { createOutbound } from '../../outbound/outbound.ts';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import type { CalendarReader } from '../calendar-reader.ts';
import type { Credential } from '../provider.ts';
import {
  graphError,
  GRAPH_CREDENTIAL,
  graphEvent,
  pagesOf,
  PRIMARY_ID,
  RANGE,
  readerAt,
  scriptedGraph,
  VIEW,
} from './graph-scripted.contract.ts';
import { holdsNoSecret } from './scripted-microsoft.contract.ts';

const LIST = '/v1.0/me/calendars';

type Call = readonly [what: string, call: (reader: CalendarReader, credential: Credential) => Promise<{ readonly outcome: string }>];

const EVENT = { calendarId: PRIMARY_ID, eventId: 'event1' };
const DRAFT = { title: 'Talk', time: { allDay: false, startMs: RANGE.fromMs, endMs: RANGE.toMs } } as const;
const CALLS: readonly Call[] = [
  ['listCalendars', (reader, credential) => reader.listCalendars(credential, 'full')],
  ['freeBusy', (reader, credential) => reader.freeBusy(credential, { mode: 'full', ...RANGE })],
  ['listEvents', (reader, credential) => reader.listEvents(credential, { calendarId: PRIMARY_ID, ...RANGE })],
  ['createEvent', (reader, credential) => reader.createEvent(credential, { calendarId: PRIMARY_ID, idempotencyKey: 'k', event: DRAFT })],
  ['updateEvent', (reader, credential) => reader.updateEvent(credential, { ...EVENT, changes: { title: 'x' } })],
  ['deleteEvent', (reader, credential) => reader.deleteEvent(credential, EVENT)],
];

describe.each(CALLS)('%s at graph', (_what, call) => {
  it('asks with the access token, in UTC and for ids that stay, and nowhere else', async () => {
    const { reader, asked } = scriptedGraph({});
    await call(reader, GRAPH_CREDENTIAL);
    expect(asked.length).toBeGreaterThan(0);
    for (const { url, headers } of asked) {
      expect(url.origin).toBe('https://microsoft.example');
      expect(url.pathname).toMatch(/^\/v1\.0\/me\//);
      expect(headers.get('authorization')).toBe(`Bearer ${GRAPH_CREDENTIAL.accessToken}`);
      expect(headers.get('prefer')).toContain('outlook.timezone="UTC", IdType="ImmutableId"');
      expect(holdsNoSecret(url.href)).toBe(true);
    }
  });

  it.each([
    [401, 'InvalidAuthenticationToken', 'unauthorized'],
    [404, 'MailboxNotEnabledForRESTAPI', 'no_mailbox'],
    [401, 'MailboxNotHostedInExchangeOnline', 'no_mailbox'],
    [429, 'ApplicationThrottled', 'unavailable'],
    [403, 'RequestThrottled', 'unavailable'],
    [500, 'InternalServerError', 'unavailable'],
    [503, 'ServiceUnavailable', 'unavailable'],
    [509, 'ActivityLimitReached', 'unavailable'],
  ])('knows %d %s for %s, and asks once', async (status, code, outcome) => {
    const { reader, asked } = scriptedGraph({}, () => graphError(status, code, { 'retry-after': '7' }));
    const ended = await call(reader, GRAPH_CREDENTIAL);
    expect(ended).toMatchObject({ outcome });
    if (outcome === 'unavailable') expect(ended).toMatchObject({ retryAfterMs: 7_000, operatorHint: expect.stringContaining(code) });
    expect(asked).toHaveLength(1);
    expect(holdsNoSecret(ended)).toBe(true);
  });

  it('takes 403 for the end of a grant that never covered it', async () => {
    const { reader } = scriptedGraph({}, () => graphError(403, 'ErrorAccessDenied'));
    expect(await call(reader, { ...GRAPH_CREDENTIAL, grantedScopes: ['User.Read'] })).toMatchObject({ outcome: 'forbidden' });
  });

  it.each(Object.entries(NO_ANSWERS).filter(([name]) => name !== 'an endless answer'))(
    'makes nothing of %s, disconnects nobody, and asks once',
    async (_name, answer) => {
      const { reader, asked } = scriptedGraph({}, answer);
      expect(await call(reader, GRAPH_CREDENTIAL)).toMatchObject({ outcome: 'unavailable' });
      expect(asked).toHaveLength(1);
    },
  );
});

describe('a list of graph', () => {
  const list = (reader: CalendarReader) => reader.listCalendars(GRAPH_CREDENTIAL, 'full');

  it('is read page by page, by the links as they are, with the same preferences', async () => {
    const next = `https://microsoft.example${LIST}?%24skiptoken=a%2Bb%2F%3D&x=a+b`;
    const { reader, asked } = scriptedGraph({
      [LIST]: ({ url }) => (url === next ? Response.json({ value: [{ id: 'b' }] }) : Response.json({ value: [], '@odata.nextLink': next })),
    });
    expect(await list(reader)).toMatchObject({ outcome: 'ok', value: [{ providerCalendarId: 'b' }] });
    expect(asked[1]?.url.href).toBe(next);
    expect(new Set(asked.map(({ headers }) => headers.get('prefer'))).size).toBe(1);
  });

  it.each([
    'https://elsewhere.example/v1.0/me/calendars?$skip=1',
    'http://microsoft.example/v1.0/me/calendars?$skip=1',
    'https://microsoft.example:8443/v1.0/me/calendars',
    'https://microsoft.example.elsewhere.example/v1.0/me/calendars',
    'https://microsoft.example/beta/me/calendars',
    'https://microsoft.example/v1.0/../login',
    'https://user:password@microsoft.example/v1.0/me/calendars',
    '/v1.0/me/calendars?$skip=1',
    'javascript:alert(1)',
  ])('is not followed to %s', async (link) => {
    const { reader, asked } = scriptedGraph({ [LIST]: () => Response.json({ value: [{ id: 'a' }], '@odata.nextLink': link }) });
    expect(await list(reader)).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('somewhere else') });
    expect(asked).toHaveLength(1);
  });

  it('comes to an end even where the pages do not', async () => {
    const { reader, asked } = scriptedGraph({
      [LIST]: ({ url }) => Response.json({ value: [{ id: 'a' }], '@odata.nextLink': url }),
    });
    expect(await list(reader)).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('more than 40 pages') });
    expect(asked).toHaveLength(40);
  });

  it.each([
    ['a page that fails', () => graphError(503, 'ServiceUnavailable')],
    ['a page without entries', () => Response.json({ next: 1 })],
    ['an entry without an id', () => Response.json({ value: [{ name: 'Work' }] })],
    ['a page cut short', () => new Response('{"value":[{"id":"b"')],
  ])('is none with %s', async (_what, second) => {
    const first = { value: [{ id: 'a' }], '@odata.nextLink': `https://microsoft.example${LIST}?$skip=1` };
    const { reader } = scriptedGraph({ [LIST]: ({ url }) => (url.includes('skip') ? second() : Response.json(first)) });
    expect(await list(reader)).toMatchObject({ outcome: 'unavailable' });
  });

  it('is none where an answer is larger than sixteen megabytes', async () => {
    const body = new Uint8Array(17 * 1024 * 1024);
    const reader = readerAt(createOutbound({ fetch: () => Promise.resolve(new Response(body)), timeoutMs: 10_000 }));
    expect(await list(reader)).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('too_large') });
  });

  it('of twenty thousand events is read to the last, without keeping what was only on the way', async () => {
    const events = (page: number) =>
      Array.from({ length: 200 }, (_, index) => graphEvent({ id: `e${page}-${index}`, unread: 'x'.repeat(2_000) }));
    const { reader, asked } = scriptedGraph({ [VIEW]: pagesOf(100, events) });
    const outcome = await reader.listEvents(GRAPH_CREDENTIAL, { calendarId: PRIMARY_ID, ...RANGE });
    if (outcome.outcome !== 'ok') throw new Error(`the list ended as ${JSON.stringify(outcome)}`);
    expect(new Set(outcome.value.map(({ providerEventId }) => providerEventId)).size).toBe(20_000);
    expect(asked).toHaveLength(100);
    expect(JSON.stringify(outcome.value)).not.toContain('unread');
  });
});
