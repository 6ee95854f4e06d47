import { expect, test } from 'vitest';
import { joinScopes, offersAccessModes, parseScope } from './scopes.ts';

test('keeps the order and drops repetitions', () => {
  expect(parseScope('read_events  create_event read_events')).toBe('read_events create_event');
});

test('accepts what old SDKs send by default', () => {
  expect(parseScope('read_account list_calendars read_events create_event delete_event')).toBe(
    'read_account list_calendars read_events create_event delete_event',
  );
});

test.each(['', ' ', 'admin', 'read_events admin', 'read_events"', 'read_events\\', 'read_events\n', `read_events ${'x'.repeat(10_000)}`])(
  'refuses %j (security A05)',
  (scope) => {
    expect(parseScope(scope)).toBeUndefined();
  },
);

test('free_busy_write switches the access-mode chooser on, and nothing else does', () => {
  expect(offersAccessModes('read_events free_busy_write')).toBe(true);
  expect(offersAccessModes('free_busy')).toBe(false);
  expect(offersAccessModes('read_write')).toBe(false);
});

test('joins scopes without losing one', () => {
  expect(joinScopes('read_write', 'free_busy_write read_write')).toBe('read_write free_busy_write');
});
