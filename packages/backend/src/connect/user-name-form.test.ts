import { describe, expect, it } from 'vitest';
import { formOf, userNameBy } from './user-name-form.ts';

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
