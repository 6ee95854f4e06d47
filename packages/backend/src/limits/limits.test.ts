import { describe, expect, it } from 'vitest';
import { type AddressCodeAsker, createLimits, type ServerLookup, type SignInAttempt } from './limits.ts';
import { RateLimited } from './rate-limited.ts';

/** Asks so often that it is refused, and answers how often it was not. */
function codesOf(asker: (n: number) => AddressCodeAsker, limits = createLimits(() => 0)): number {
  for (let n = 0; ; n += 1) {
    try {
      limits.countAddressCode(asker(n));
    } catch (error) {
      expect(error).toBeInstanceOf(RateLimited);
      return n;
    }
  }
}

describe('codes that prove an address', () => {
  const asker = { sessionId: 'ses_1', applicationId: 'app_1', address: '192.0.2.1' };

  it('are ten at once in one session', () => expect(codesOf(() => asker)).toBe(10));

  it('are thirty at once for one address of a client', () => expect(codesOf((n) => ({ ...asker, sessionId: `ses_${n}` }))).toBe(30));

  it('are three hundred at once for one application, also where nobody says who connects', () => {
    expect(codesOf((n) => ({ ...asker, sessionId: `ses_${n}`, address: `192.0.2.${n}` }))).toBe(300);
    expect(codesOf((n) => ({ ...asker, sessionId: `ses_${n}`, address: undefined }))).toBe(300);
  });

  it('that are refused for one reason count for no other', () => {
    const limits = createLimits(() => 0);
    expect(codesOf(() => asker, limits)).toBe(10);
    for (let n = 0; n < 100; n += 1) expect(() => limits.countAddressCode(asker)).toThrow(RateLimited);
    expect(codesOf((n) => ({ ...asker, sessionId: `other_${n}` }), limits)).toBe(20);
  });
});

describe('servers that are looked for', () => {
  const lookup = { applicationId: 'app_1', mailDomain: 'corp.example', address: '192.0.2.1' };
  const lookupsOf = (of: (n: number) => ServerLookup, limits = createLimits(() => 0)): number => {
    for (let n = 0; ; n += 1) {
      try {
        limits.countServerLookup(of(n));
      } catch (error) {
        expect(error).toBeInstanceOf(RateLimited);
        return n;
      }
    }
  };

  it('are twenty at once for one address of a client, together with its other lookups', () => {
    expect(lookupsOf(() => lookup)).toBe(20);
    const limits = createLimits(() => 0);
    for (let n = 0; n < 15; n += 1) limits.countLookup(lookup.address);
    expect(lookupsOf(() => lookup, limits)).toBe(5);
  });

  it('are two hundred at once for one mail domain in an application, from wherever they come', () => {
    const limits = createLimits(() => 0);
    expect(lookupsOf((n) => ({ ...lookup, address: `192.0.2.${n}` }), limits)).toBe(200);
    expect(() => limits.countServerLookup({ ...lookup, applicationId: 'app_2', address: undefined })).not.toThrow();
  });

  it('are two thousand at once for one mail domain in all applications', () => {
    expect(lookupsOf((n) => ({ ...lookup, applicationId: `app_${n}`, address: undefined }))).toBe(2000);
  });

  it('are six hundred at once for one application, whatever is typed', () => {
    expect(lookupsOf((n) => ({ ...lookup, mailDomain: `corp-${n}.example`, address: undefined }))).toBe(600);
    expect(lookupsOf(() => ({ ...lookup, mailDomain: undefined, address: undefined }))).toBe(600);
  });

  it('that are refused for one reason count for no other', () => {
    const limits = createLimits(() => 0);
    expect(lookupsOf(() => lookup, limits)).toBe(20);
    for (let n = 0; n < 1000; n += 1) expect(() => limits.countServerLookup(lookup)).toThrow(RateLimited);
    expect(lookupsOf(() => ({ ...lookup, address: undefined }), limits)).toBe(180);
  });
});

describe('invitations', () => {
  it('are a thousand at once for one account, and one event’s all together', () => {
    const limits = createLimits(() => 0);
    const inviter = { applicationId: 'app_1', accountId: 'acc_1' };
    for (let n = 0; n < 5; n += 1) limits.countInvitations(inviter, 201);
    expect(() => limits.countInvitations(inviter, 1)).toThrow(RateLimited);
    limits.countInvitations({ ...inviter, accountId: 'acc_2' }, 1);
  });

  it('are ten thousand at once for one application', () => {
    const limits = createLimits(() => 0);
    for (let n = 0; n < 50; n += 1) limits.countInvitations({ applicationId: 'app_1', accountId: `acc_${n}` }, 200);
    expect(() => limits.countInvitations({ applicationId: 'app_1', accountId: 'acc_new' }, 1)).toThrow(RateLimited);
    limits.countInvitations({ applicationId: 'app_2', accountId: 'acc_other' }, 1);
  });
});

describe('passwords that are tried', () => {
  const attempt = {
    login: 'ann@corp.example',
    userAtHost: 'corp\\ann mail.corp.example',
    mailDomain: 'corp.example',
    address: '192.0.2.1',
  };
  const other = (n: number) => ({ ...attempt, login: `person-${n}@corp.example`, userAtHost: `person-${n} mail.corp.example` });
  const signInsOf = (of: (n: number) => SignInAttempt, limits = createLimits(() => 0)): number => {
    for (let n = 0; ; n += 1) {
      try {
        limits.countSignIn(of(n));
      } catch (error) {
        expect(error).toBeInstanceOf(RateLimited);
        return n;
      }
    }
  };

  it('are three at once for one mail address, whatever user name stands beside it', () => {
    expect(signInsOf((n) => ({ ...attempt, userAtHost: `user-${n} mail.corp.example` }))).toBe(3);
  });

  it('are three at once for one user name at a server, whatever address stands beside it', () => {
    expect(signInsOf((n) => ({ ...attempt, login: `person-${n}@corp.example` }))).toBe(3);
  });

  it('are thirty at once for one address of a client', () => expect(signInsOf(other)).toBe(30));

  it('are a hundred at once for one mail domain, from wherever they come', () => {
    expect(signInsOf((n) => ({ ...other(n), address: `192.0.2.${n}` }))).toBe(100);
    expect(signInsOf((n) => ({ ...other(n), address: undefined }))).toBe(100);
  });

  it('are one more after ten minutes', () => {
    let nowMs = 0;
    const limits = createLimits(() => nowMs);
    signInsOf(() => attempt, limits);
    nowMs += 600_000 - 1;
    expect(() => limits.countSignIn(attempt)).toThrow(RateLimited);
    nowMs += 1;
    limits.countSignIn(attempt);
  });
});
