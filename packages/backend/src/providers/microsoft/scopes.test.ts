import { describe, expect, it } from 'vitest';
import { missingScopes, parseScopes } from './scopes.ts';

const ASKED = ['openid', 'email', 'profile', 'offline_access', 'User.Read', 'Calendars.ReadBasic'];

describe('the scopes of microsoft', () => {
  it('are one, with or without the address of Graph, in any case', () => {
    expect(parseScopes('https://graph.microsoft.com/User.Read  calendars.readbasic user.read openid')).toEqual([
      'User.Read',
      'Calendars.ReadBasic',
      'openid',
    ]);
  });

  it('of another service stay what they are', () => {
    expect(parseScopes('https://outlook.office365.com/Calendars.ReadBasic')).toEqual(['https://outlook.office365.com/Calendars.ReadBasic']);
  });

  it('are all there when the answer leaves out what belongs to signing in, and names more than was asked', () => {
    expect(missingScopes(ASKED, parseScopes('User.Read Calendars.ReadBasic Calendars.ReadWrite'))).toEqual([]);
  });

  it('are missing where a permission is', () => {
    expect(missingScopes(ASKED, parseScopes('openid email profile User.Read'))).toEqual(['Calendars.ReadBasic']);
  });
});
