import { describe, expect, it } from 'vitest';
import { allows, canWriteAtProvider, ENDPOINT_ACCESS, type Operation, reachOf, scopesFor } from './endpoint-access.ts';
import { SCOPE_NAMES } from './scopes.ts';

const WRITERS = ['read_write', 'write_only', 'free_busy_write'];

describe('what a scope allows', () => {
  it.each<[Operation, readonly string[]]>([
    ['userinfo', SCOPE_NAMES],
    ['account', SCOPE_NAMES],
    ['profiles', SCOPE_NAMES],
    ['calendars', SCOPE_NAMES],
    ['free_busy', ['read_free_busy', 'read_events', 'read_only', 'read_write', 'free_busy', 'free_busy_write']],
    ['free_busy_page', ['read_free_busy', 'read_events', 'read_only', 'read_write', 'free_busy', 'free_busy_write']],
    ['write_event', ['create_event', ...WRITERS]],
    ['delete_event', ['delete_event', ...WRITERS]],
    ['delete_events', ['delete_event', ...WRITERS]],
    ['authorize_conferencing', SCOPE_NAMES],
    ['revoke_profile', SCOPE_NAMES],
  ])('%s needs one of %j', (operation, scopes) => {
    expect(scopesFor(operation).toSorted()).toEqual(scopes.toSorted());
  });

  it('is the sum of its names', () => {
    expect(allows('read_account create_event', 'write_event')).toBe(true);
    expect(allows('read_account create_event', 'delete_event')).toBe(false);
    expect(allows('read_account create_event delete_event', 'delete_event')).toBe(true);
  });

  it('is nothing of its own for a name that old SDKs send, whatever it sounds like', () => {
    for (const scope of ['full_access', 'read_account', 'list_calendars', 'event_reminders']) {
      expect(allows(scope, 'free_busy')).toBe(false);
      expect(allows(scope, 'write_event')).toBe(false);
      expect(allows(scope, 'calendars')).toBe(true);
    }
  });
});

describe('what a call reaches', () => {
  it('is the calendar at the provider in full mode alone: where less was shared, people are invited by mail', () => {
    expect(['full', 'free_busy', 'no_access'].map((mode) => reachOf('write_event', mode as 'full'))).toEqual([
      'provider',
      'invitation',
      'invitation',
    ]);
    expect(canWriteAtProvider('full')).toBe(true);
    expect(canWriteAtProvider('free_busy')).toBe(false);
  });

  it('is nobody’s calendar where no access was given: only what was written through the API is known', () => {
    expect(reachOf('free_busy', 'no_access')).toBe('own_events');
  });
});

it('names each endpoint once', () => {
  const named = Object.values(ENDPOINT_ACCESS).map(({ method, path }) => `${method} ${path}`);
  expect(new Set(named).size).toBe(named.length);
});
