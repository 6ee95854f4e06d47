import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Credential } from '../provider.ts';
import { type ExchangeCalendarsUnderTest, loginOf, startExchangeCalendars } from './exchange-people.contract.ts';

const MINUTE_MS = 60_000;
const BEGIN_MS = Date.UTC(2031, 0, 1);

let under: ExchangeCalendarsUnderTest;
beforeAll(async () => {
  under = await startExchangeCalendars();
});
afterAll(() => under.emulator.close());

/** Somebody with so many events, one in twenty minutes. */
function somebodyWith(
  events: number,
  { guests = 0, text = '' } = {},
): { readonly credential: Credential; readonly range: { fromMs: number; toMs: number } } {
  const { control } = under.emulator;
  const email = `${events}-${guests}-${text.length}@corp.example`;
  control.addPerson({ email, name: 'Busy', password: 'right' });
  const at = (minutes: number) => ({ dateTime: new Date(BEGIN_MS + minutes * MINUTE_MS).toISOString().slice(0, 19), timeZone: 'UTC' });
  const attendees = Array.from({ length: guests }, (_, guest) => ({
    emailAddress: { name: `Student ${guest}`, address: `student${guest}@corp.example` },
  }));
  const body = { contentType: 'text', content: text } as const;
  for (let index = 0; index < events; index += 1) {
    control.addEvent(email, { subject: `Call ${index}`, start: at(20 * index), end: at(20 * index + 10), body, attendees });
  }
  control.clearRequests();
  return { credential: loginOf(email, email, 'right'), range: { fromMs: BEGIN_MS, toMs: BEGIN_MS + events * 20 * MINUTE_MS } };
}

describe('a calendar as large as any', () => {
  it('of 20,000 events is read whole', { timeout: 120_000 }, async () => {
    const { credential, range } = somebodyWith(20_000);
    const busy = await under.reader.freeBusy(credential, { mode: 'full', ...range });
    expect(busy.outcome === 'ok' && busy.value.length).toBe(20_000);
    const listed = await under.reader.listEvents(credential, { calendarId: 'calendar', ...range });
    expect(listed.outcome === 'ok' && new Set(listed.value.map(({ title }) => title)).size).toBe(20_000);
  });

  it.each([
    ['of lectures with three hundred students each, whose pages are of too many elements', { guests: 300 }],
    ['of events with long texts, whose pages are too long', { text: 'a line of text\n'.repeat(5000) }],
  ])('%s, is read whole in smaller pages', { timeout: 60_000 }, async (_what, size) => {
    const { credential, range } = somebodyWith(100, size);
    const listed = await under.reader.listEvents(credential, { calendarId: 'calendar', ...range });
    expect(listed).toMatchObject({ outcome: 'ok' });
    const events = listed.outcome === 'ok' ? listed.value : [];
    expect(new Set(events.map(({ title }) => title)).size).toBe(100);
    expect(events.map(({ attendees }) => attendees.length)).toEqual(
      Array.from({ length: 100 }, () => ('guests' in size ? size.guests : 0)),
    );
    const pages = under.emulator.control.requests.filter(({ operation }) => operation === 'GetItem').length;
    expect(pages).toBeGreaterThan(2);
    expect(pages).toBeLessThan(20);
  });

  it('is given up where one event of it is too large', { timeout: 60_000 }, async () => {
    const { credential, range } = somebodyWith(2, { text: 'x'.repeat(5 * 1024 * 1024) });
    const listed = await under.reader.listEvents(credential, { calendarId: 'calendar', ...range });
    expect(listed).toMatchObject({ outcome: 'unavailable', operatorHint: expect.stringContaining('too_large') });
  });
});
