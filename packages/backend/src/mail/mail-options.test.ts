import { describe, expect, it } from 'vitest';
import { CalendarConnectError } from '../errors.ts';
import { parseMailOptions } from './mail-options.ts';

const from = 'calendars@acme.example';
const server = (smtpUrl: string) => parseMailOptions({ smtpUrl, from }).server;

function failure(options: { smtpUrl?: unknown; from?: unknown }): string {
  try {
    parseMailOptions({ smtpUrl: 'smtp://mail.example', from, ...options } as { smtpUrl: string; from: string });
  } catch (error) {
    if (error instanceof CalendarConnectError && error.code === 'option_invalid') return error.message;
  }
  return 'nothing was thrown';
}

describe('the mail server’s address', () => {
  it('says host, port, and whether TLS comes first', () => {
    expect(server('smtp://mail.example:2525')).toMatchObject({ host: 'mail.example', port: 2525, secure: false });
    expect(server('smtp://Mail.Example')).toMatchObject({ host: 'mail.example', port: 587, secure: false, login: undefined });
    expect(server('smtps://mail.example/')).toMatchObject({ host: 'mail.example', port: 465, secure: true });
    expect(server('smtp://[2001:db8::1]:25')).toMatchObject({ host: '2001:db8::1', port: 25 });
  });

  it.each([
    ['smtp://mail.example', true],
    ['smtp://10.0.0.5:25', true],
    ['smtp://[::ffff:127.0.0.1]', true],
    ['smtp://LOCALHOST:1025', false],
    ['smtp://127.0.0.1:1025', false],
    ['smtp://[::1]:1025', false],
  ])('of %s asks for STARTTLS: %s', (smtpUrl, requireTls) => expect(server(smtpUrl).requireTls).toBe(requireTls));

  it('holds user and password, percent-encoded', () => {
    expect(server('smtp://acme%40mail.example:p%2Fa%3A%C3%9F%23%25@mail.example').login).toEqual({
      user: 'acme@mail.example',
      password: 'p/a:ß#%',
    });
  });

  it.each([
    'mail.example:587',
    'https://acme:geheim@mail.example',
    'smtp://acme:ge/heim@mail.example',
    'smtp://acme:geheim#1@mail.example',
    'smtp://acme:geheim@mail.example/geheim',
    'smtp://acme:geheim@mail.example?geheim=1',
    'smtp://acme:geheim%@mail.example',
    'smtp://acme@mail.example',
    'smtp://:geheim@mail.example',
    'smtp://acme:geheim@bücher.example',
    'smtp://',
    '',
  ])('is not %j, and what was received stays secret', (smtpUrl) => {
    const message = failure({ smtpUrl });
    expect(message).toMatch(/^mail\.smtpUrl: expected an address such as smtp:\/\/USER:PASSWORD@HOST:587 or .*, received (no|an|one)/);
    expect(message).not.toMatch(/geheim|acme|heim@/);
  });

  it('is a text', () => expect(failure({ smtpUrl: 587 })).toContain('received no address'));
});

describe('whom mails are from', () => {
  it.each([
    ['calendars@acme.example', { name: '', address: 'calendars@acme.example' }],
    ['Acme Calendars <calendars@acme.example>', { name: 'Acme Calendars', address: 'calendars@acme.example' }],
    ['"Acme, Inc." <calendars@acme.example>', { name: 'Acme, Inc.', address: 'calendars@acme.example' }],
    ['  <calendars@acme.example> ', { name: '', address: 'calendars@acme.example' }],
  ])('is %s', (text, mailbox) => expect(parseMailOptions({ smtpUrl: 'smtp://mail.example', from: text }).from).toEqual(mailbox));

  it.each([
    'acme.example',
    'Acme',
    '',
    'Acme <calendars@acme.example',
    'a@acme.example, b@acme.example',
    'Acme <a@acme.example>, b@acme.example',
    'Acme\r\nBcc: x@y.example <calendars@acme.example>',
    undefined,
  ])('is not %j', (text) => expect(failure({ from: text })).toMatch(/^mail\.from: expected an address such as .*, received /));
});
