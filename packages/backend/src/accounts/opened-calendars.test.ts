import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createOpenedCalendars, type SealedCalendars } from './opened-calendars.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PLACE: SealedCalendars = {
  sealed: 'ciphertext',
  dataKey: { ownerId: 'acc_1', keyId: 'k1', wrapped: 'wrapped' },
  profile: { id: 'pro_1', name: 'amira@partner.example' },
};

it('opens a list once, as long as it is asked for', () => {
  const opened = createOpenedCalendars();
  const open = vi.fn(() => []);
  for (let n = 0; n < 100; n += 1) {
    expect(opened.of(PLACE, open)).toBe(open.mock.results[0]?.value);
    vi.advanceTimersByTime(9000);
  }
  expect(open).toHaveBeenCalledTimes(1);
});

it('has forgotten everything 20 seconds after it was last asked', () => {
  const opened = createOpenedCalendars();
  const open = vi.fn(() => []);
  opened.of(PLACE, open);
  vi.advanceTimersByTime(20_000);
  expect(vi.getTimerCount()).toBe(0);
  opened.of(PLACE, open);
  expect(open).toHaveBeenCalledTimes(2);
});

it.each([
  ['profile', { profile: { id: 'pro_2', name: 'amira@partner.example' } }],
  ['name of the profile', { profile: { id: 'pro_1', name: 'jonas@partner.example' } }],
  ['data key', { dataKey: { ...PLACE.dataKey, wrapped: 'another' } }],
  ['ciphertext', { sealed: 'another' }],
])('does not know a list that comes with another %s', (_what, changes) => {
  const opened = createOpenedCalendars();
  opened.of(PLACE, () => []);
  const refuse = (): never => {
    throw new Error('does not open');
  };
  expect(() => opened.of({ ...PLACE, ...changes }, refuse)).toThrow('does not open');
  expect(() => opened.of({ ...PLACE, ...changes }, refuse)).toThrow('does not open');
});

it('is bounded: of very many lists only those asked for last are known', () => {
  const opened = createOpenedCalendars();
  const open = vi.fn(() => []);
  const ask = (n: number) => opened.of({ ...PLACE, sealed: 'x'.repeat(10_000), profile: { ...PLACE.profile, id: `pro_${n}` } }, open);
  for (let n = 0; n < 300; n += 1) ask(n);
  open.mockClear();
  ask(299);
  expect(open).not.toHaveBeenCalled();
  ask(99);
  expect(open).toHaveBeenCalledTimes(1);
});
