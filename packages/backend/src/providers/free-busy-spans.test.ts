import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRange, mergeSpans, splitRange } from './free-busy-spans.ts';
import type { FreeBusySpan, FreeBusyStatus } from './calendar-reader.ts';

const RANGE = { fromMs: 0, toMs: 100 };

function span(startMs: number, endMs: number, status: FreeBusyStatus = 'busy', providerCalendarId = 'a'): FreeBusySpan {
  return { providerCalendarId, status, time: { allDay: false, startMs, endMs } };
}

function days(startDate: string, endDate: string): FreeBusySpan {
  return { providerCalendarId: 'a', status: 'busy', time: { allDay: true, startDate, endDate } };
}

describe('spans of free and busy', () => {
  it('are joined where they overlap or touch, and cut to the range', () => {
    expect(mergeSpans([span(50, 60), span(-10, 20), span(20, 30), span(25, 28), span(90, 200), span(-9, 0)], RANGE)).toEqual([
      span(0, 30),
      span(50, 60),
      span(90, 100),
    ]);
  });

  it('are joined by calendar and status only', () => {
    const apart = [span(0, 10), span(5, 10, 'tentative'), span(7, 10, 'busy', 'b')];
    expect(mergeSpans(apart, RANGE)).toEqual(apart);
  });

  it('of whole days are joined among themselves, and not cut', () => {
    expect(mergeSpans([days('2026-11-20', '2026-11-21'), days('2026-11-19', '2026-11-20'), span(0, 10)], RANGE)).toEqual([
      span(0, 10),
      days('2026-11-19', '2026-11-21'),
    ]);
  });

  it('say the same of every moment as before', () => {
    const anySpan = fc
      .tuple(fc.integer({ min: -20, max: 120 }), fc.integer({ min: 1, max: 40 }))
      .map(([start, length]) => span(start, start + length));
    const isBusyAt = (spans: readonly FreeBusySpan[], at: number): boolean =>
      spans.some(({ time }) => !time.allDay && time.startMs <= at && at < time.endMs);
    fc.assert(
      fc.property(fc.array(anySpan), (spans) => {
        const merged = mergeSpans(spans, RANGE);
        for (let at = 0; at < 100; at += 1) expect(isBusyAt(merged, at)).toBe(isBusyAt(spans, at));
        expect(isBusyAt(merged, -1) || isBusyAt(merged, 100)).toBe(false);
      }),
    );
  });
});

describe('a range', () => {
  it('is split into parts that make it up', () => {
    expect(splitRange({ fromMs: 0, toMs: 25 }, 10)).toEqual([
      { fromMs: 0, toMs: 10 },
      { fromMs: 10, toMs: 20 },
      { fromMs: 20, toMs: 25 },
    ]);
    expect(splitRange({ fromMs: 5, toMs: 15 }, 10)).toEqual([{ fromMs: 5, toMs: 15 }]);
  });

  it.each([
    [1, 1],
    [2, 1],
    [Number.NaN, 1],
    [0, Infinity],
  ])('from %d to %d is none', (fromMs, toMs) => {
    expect(() => checkRange({ fromMs, toMs })).toThrow(RangeError);
  });
});
