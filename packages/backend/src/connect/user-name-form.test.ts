import { describe, expect, it } from 'vitest';
import { countedUser, formOf, userNameBy } from './user-name-form.ts';

describe('the form of a user name', () => {
  it.each([
    ['ann@corp.example', { domain: undefined, form: 'address' }],
    [' Ann@Corp.Example ', { domain: undefined, form: 'address' }],
    ['CORP\\ann', { domain: 'CORP', form: 'local_part' }],
    ['CORP\\ANN', { domain: 'CORP', form: 'local_part' }],
    ['ann', { domain: undefined, form: 'local_part' }],
    ['CORP\\u4711', { domain: 'CORP', form: 'own' }],
    ['ann@corp.local', { domain: undefined, form: 'own' }],
  ])('of %j is %j', (userName, form) => expect(formOf(userName, 'ann@corp.example')).toEqual(form));

  it.each([
    [{ domain: undefined, form: 'address' }, 'Bob.Lee@corp.example'],
    [{ domain: 'CORP', form: 'local_part' }, 'CORP\\Bob.Lee'],
    [{ domain: undefined, form: 'local_part' }, 'Bob.Lee'],
    [{ domain: 'CORP', form: 'own' }, undefined],
  ] as const)('%j gives a colleague %j', (form, userName) => expect(userNameBy(form, ' Bob.Lee@corp.example ')).toBe(userName));
});

describe('what tries are counted by', () => {
  it.each(['ann', ' CORP\\Ann ', 'corp.example\\ann', '.\\ann', 'ANN@corp.example', 'ann@corp.local', 'CORP\\ann@corp.example'])(
    'is one user, spelled %j',
    (userName) => {
      expect(countedUser(userName, 'mail.corp.example')).toBe('ann mail.corp.example');
      expect(countedUser(userName, 'mail.corp.example.')).toBe('ann mail.corp.example');
    },
  );

  it.each([
    ['bob@corp.example', 'mail.corp.example'],
    ['ann@corp.example', 'ex.hoster.example'],
    ['@ann', 'mail.corp.example'],
  ])('is another for %j at %j', (userName, host) => expect(countedUser(userName, host)).not.toBe('ann mail.corp.example'));
});
