import { describe, expect, it } from 'vitest';
import { domainOfAddress, isMailAddress, mailboxOf } from './mail-address.ts';

describe('a mail address', () => {
  it.each([
    'amira@partner.example',
    'a.b+c@sub.partner.example',
    "o'hara_1@x-y.example",
    'admin@localhost',
    'Amira@Partner.Example',
    'amira@bücher.example',
    'amira@शिक्षा.example',
  ])('is %s', (text) => expect(isMailAddress(text)).toBe(true));

  it.each([
    'partner.example',
    '@partner.example',
    'amira@',
    'a@b@partner.example',
    'amira@partner.example,jonas@elsewhere.example',
    'amira@partner.example;jonas@elsewhere.example',
    'amira,jonas@partner.example',
    'Amira <amira@partner.example>',
    '"a b"@partner.example',
    'group:amira@partner.example',
    'amira@partner.example\r\nBcc: jonas@elsewhere.example',
    'amira\0@partner.example',
    'amira@[127.0.0.1]',
    'amira@-partner.example',
    'amira@-bücher.example',
    'ämira@partner.example',
    'amira@bücher.example,jonas@elsewhere.example',
    'amira@partner..example',
    `${'a'.repeat(65)}@partner.example`,
    `a@${'b'.repeat(250)}.example`,
  ])('is not %j', (text) => expect(isMailAddress(text)).toBe(false));

  it('names a domain, and one mailbox however it is written', () => {
    expect(domainOfAddress('Amira@Partner.Example')).toBe('partner.example');
    expect(mailboxOf('Amira+1@Partner.Example')).toBe(mailboxOf('amira+2@partner.example'));
    expect(mailboxOf('amira@ｐartner.eⅹample')).toBe(mailboxOf('amira@partner.example'));
    expect(mailboxOf('amira@partner.example')).not.toBe(mailboxOf('amira@other.example'));
  });
});
