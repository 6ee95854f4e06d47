import { describe, expect, it } from 'vitest';
import { approvalMailLink } from './approval-mail.ts';

const MAIL = {
  application: 'Acme Scheduler',
  provider: 'Microsoft',
  accessMode: 'full',
  organisation: 'contoso.example',
  email: 'amira@contoso.example',
  approvalUrl: 'https://connect.acme.example/connect/approve/apr_1?a=1&b=2#c',
} as const;

/** What a mail program makes of the link: percent-decoding alone, as RFC 6068 §5 says; `+` stays a plus. */
function read(link: string): { to: string; subject: string; body: string } {
  const [, to = '', query = ''] = /^mailto:([^?]*)\?(.*)$/.exec(link) ?? [];
  const fields = query.split('&').map((field) => field.split('='));
  expect(fields.map(([name, ...values]) => [name, values.length])).toEqual([
    ['subject', 1],
    ['body', 1],
  ]);
  const [subject = '', body = ''] = fields.map(([, value = '']) => decodeURIComponent(value));
  return { to, subject, body };
}

describe('the e-mail to an administrator', () => {
  it('says who asks, what for, and where to allow it, to nobody in particular', () => {
    expect(read(approvalMailLink(MAIL))).toEqual({
      to: '',
      subject: 'Please allow Acme Scheduler at contoso.example',
      body: [
        'I would like to connect my calendar to Acme Scheduler. Microsoft lets me do that only once an administrator of contoso.example has allowed it.',
        'What it is for: Acme Scheduler would see my events, and add and change them.',
        'My account is amira@contoso.example.',
        'This page says exactly what is asked for and how to limit it or take it back, and leads on to Microsoft:\r\nhttps://connect.acme.example/connect/approve/apr_1?a=1&b=2#c',
        'Thank you',
      ].join('\r\n\r\n'),
    });
  });

  it('leaves the account out where the person did not say it', () => {
    expect(read(approvalMailLink({ ...MAIL, email: undefined })).body).not.toContain('My account');
  });

  it.each(['full', 'free_busy', 'no_access'] as const)('has a sentence of its own for %s', (accessMode) => {
    const others = (['full', 'free_busy', 'no_access'] as const).filter((other) => other !== accessMode);
    const sentence = (mode: typeof accessMode) => read(approvalMailLink({ ...MAIL, accessMode: mode })).body.split('\r\n\r\n')[1];
    expect(sentence(accessMode)).toContain('Acme Scheduler');
    expect(others.map(sentence)).not.toContain(sentence(accessMode));
  });

  it('holds only what may stand in a URI, whatever the names are', () => {
    const application = 'Ümit & Söhne + 100 % <b>"\'#?=日本🗓';
    const link = approvalMailLink({ ...MAIL, application });
    expect(link).toMatch(/^[\w\-.!~*'()%?&=:]*$/);
    expect(read(link).subject).toBe(`Please allow ${application} at contoso.example`);
  });

  it('lets no name begin a header or a field of its own', () => {
    const link = approvalMailLink({
      ...MAIL,
      application: 'Acme\r\nBcc: mallory@evil.example',
      email: 'a@b.example&bcc=mallory@evil.example',
    });
    const { subject, body } = read(link);
    expect(subject).toBe('Please allow Acme Bcc: mallory@evil.example at contoso.example');
    expect(body).toContain('My account is a@b.example&bcc=mallory@evil.example.');
  });

  it('survives half a surrogate pair', () => {
    expect(read(approvalMailLink({ ...MAIL, application: 'Acme \ud83d' })).subject).toBe('Please allow Acme \ufffd at contoso.example');
  });

  it('stays under the 2,000 characters that every mail program takes', () => {
    const approvalUrl = `https://connect.acme.example/connect/approve/${'x'.repeat(120)}`;
    expect(approvalMailLink({ ...MAIL, application: 'A'.repeat(60), approvalUrl }).length).toBeLessThan(2000);
  });
});
