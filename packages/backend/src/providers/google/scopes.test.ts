import { describe, expect, it } from 'vitest';
import { googleModes } from './manifest.ts';
import { missingScopes, parseScopes } from './scopes.ts';

const PREFIX = 'https://www.googleapis.com/auth/';
const FULL = googleModes('calendar.events.freebusy').full?.scopes ?? [];
const FREE_BUSY = googleModes('calendar.events.freebusy').free_busy?.scopes ?? [];

describe('scopes of a token answer', () => {
  it('are spelt as they were asked for', () => {
    expect(parseScopes(`${PREFIX}userinfo.email  openid ${PREFIX}userinfo.profile ${PREFIX}calendar.events openid`)).toEqual([
      'email',
      'openid',
      'profile',
      `${PREFIX}calendar.events`,
    ]);
  });

  it('lack what the person left unticked', () => {
    const granted = FULL.filter((scope) => scope !== `${PREFIX}calendar.events`);
    expect(missingScopes(FULL, granted)).toEqual([`${PREFIX}calendar.events`]);
    expect(missingScopes(FULL, [])).toEqual(FULL);
    expect(missingScopes(FULL, FULL)).toEqual([]);
  });

  it('lack nothing where a wider one was granted in the place of several', () => {
    expect(missingScopes(FULL, ['openid', 'email', `${PREFIX}calendar`])).toEqual([]);
    expect(missingScopes(FREE_BUSY, ['openid', 'email', `${PREFIX}calendar.readonly`])).toEqual([]);
  });

  it('are not made up by one that only sounds wider', () => {
    expect(missingScopes(FULL, ['openid', 'email', `${PREFIX}calendar.readonly`])).toEqual([`${PREFIX}calendar.events`]);
    // calendar.events allows neither freebusy.query nor the busy times of other calendars without their contents.
    expect(missingScopes([`${PREFIX}calendar.freebusy`, `${PREFIX}calendar.events.freebusy`], [`${PREFIX}calendar.events`])).toHaveLength(
      2,
    );
    expect(missingScopes(['email'], ['openid', `${PREFIX}calendar`])).toEqual(['email']);
  });
});
