import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../test/support/command.ts';
import { type MailServer, type MailServerOptions, startMailServer } from '../../test/support/mail-server.ts';
import { createAuthority, createCertificate, type Identity } from '../outbound/servers.contract.ts';
import { createMailer, type Mail, type MailerParts } from './mailer.ts';

const PASSWORD = 'p/a:ß#%';
const LOGIN = { user: 'acme@mail.example', password: PASSWORD };
const USER_INFO = `acme%40mail.example:${encodeURIComponent(PASSWORD)}@`;
const MAIL: Mail = { to: 'amira@partner.example', subject: 'Hello', text: 'In text\n', html: '<p>In HTML</p>', item: 'mail 1' };
const FROM = 'Acme Calendars <calendars@acme.example>';

let authority: Identity;
let identity: Identity;
beforeAll(async () => {
  authority = await createAuthority();
  identity = await createCertificate({ names: ['localhost'], addresses: ['127.0.0.1'], by: authority });
});

const servers: MailServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options?: MailServerOptions): Promise<MailServer> {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
}

function mailerAt(place: string, parts?: MailerParts) {
  return createMailer({ smtpUrl: place, from: FROM }, parts);
}

describe('a mail', () => {
  it('leaves for a server on this computer, in text and HTML, and says that no person wrote it', async () => {
    const server = await start();
    expect(await mailerAt(`smtp://127.0.0.1:${server.port}`).send(MAIL)).toEqual({ outcome: 'sent' });
    expect(server.mails).toMatchObject([
      {
        from: 'calendars@acme.example',
        to: ['amira@partner.example'],
        secure: false,
        user: undefined,
        html: expect.stringMatching(/^<p>In HTML<\/p>\s*$/),
      },
    ]);
    expect(server.mails[0]?.text.trim()).toBe('In text');
    expect(server.mails[0]?.headers).toMatchObject({
      from: ['Acme Calendars <calendars@acme.example>'],
      to: ['amira@partner.example'],
      subject: ['Hello'],
      'auto-submitted': ['auto-generated'],
      'x-auto-response-suppress': ['All'],
      'content-type': [expect.stringMatching(/^multipart\/alternative/)],
    });
  });

  it('has the same Message-ID each time it is sent, another than every other mail, and one that tells nothing', async () => {
    const server = await start();
    const place = `smtp://127.0.0.1:${server.port}`;
    await mailerAt(place).send(MAIL);
    await mailerAt(place).send(MAIL);
    await mailerAt(place).send({ ...MAIL, item: 'mail 2' });
    const [first, again, other] = server.mails.map(({ headers }) => headers['message-id']?.[0]);
    expect(first).toMatch(/^<[0-9a-f]{40}@acme\.example>$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('goes to one address, whatever its subject holds', async () => {
    const server = await start();
    const subject = 'Hello\r\nBcc: mallory@evil.example\r\n\r\n<b>';
    await mailerAt(`smtp://127.0.0.1:${server.port}`).send({ ...MAIL, subject });
    expect(server.mails).toMatchObject([{ to: ['amira@partner.example'] }]);
    expect(server.mails[0]?.headers).not.toHaveProperty('bcc');
    expect(server.mails[0]?.source.split('\r\n').filter((line) => line.startsWith('Bcc'))).toEqual([]);
  });
});

describe('what a mail may say besides', () => {
  it('is the name that it is from, and never the address', async () => {
    const server = await start();
    const name = 'Evil <mallory@evil.example>,\r\nBcc: mallory@evil.example';
    await mailerAt(`smtp://127.0.0.1:${server.port}`).send({ ...MAIL, from: { name } });
    expect(server.mails).toMatchObject([{ from: 'calendars@acme.example', to: ['amira@partner.example'] }]);
    expect(server.mails[0]?.headers['from']).toEqual(['"Evil <mallory@evil.example>, Bcc: mallory@evil.example" <calendars@acme.example>']);
    expect(server.mails[0]?.headers).not.toHaveProperty('bcc');
  });

  it('is whom to answer, and that is one address', async () => {
    const server = await start();
    const mailer = mailerAt(`smtp://127.0.0.1:${server.port}`);
    await mailer.send({ ...MAIL, replyTo: { name: 'Jonas Weiß', address: 'jonas@acme.example' } });
    expect(server.mails[0]?.headers['reply-to']).toEqual(['Jonas Weiß <jonas@acme.example>']);
    const refused = await mailer.send({ ...MAIL, replyTo: { name: '', address: 'jonas@acme.example, mallory@evil.example' } });
    expect(refused).toEqual({ outcome: 'refused', reason: 'answers to it go to something that is not one mail address' });
    expect(server.mails).toHaveLength(1);
  });

  it('is nothing of it where nobody asks for it', async () => {
    const server = await start();
    await mailerAt(`smtp://127.0.0.1:${server.port}`).send(MAIL);
    expect(Object.keys(server.mails[0]?.headers ?? {})).toEqual([
      'auto-submitted',
      'x-auto-response-suppress',
      'from',
      'to',
      'subject',
      'message-id',
      'date',
      'mime-version',
      'content-type',
    ]);
    expect(server.mails[0]?.source.match(/^Content-Type: .*$/gm)).toHaveLength(3);
  });
});

describe('an address that a mail program would read as two', () => {
  it.each([
    'amira@partner.example, mallory@evil.example',
    'all: amira@partner.example, mallory@evil.example;',
    'a@b.example <mallory@evil.example>',
  ])('is no way to write to somebody else: %s', async (to) => {
    const server = await start();
    const sent = await mailerAt(`smtp://127.0.0.1:${server.port}`).send({ ...MAIL, to });
    expect(sent).toEqual({ outcome: 'refused', reason: 'it is for something that is not one mail address' });
    expect(server.attempts()).toBe(0);
  });
});

describe('a mail server that speaks TLS', () => {
  it('is refused where nobody vouches for its certificate, before it learns address or password', async () => {
    const server = await start({ identity, login: LOGIN });
    const sent = await mailerAt(`smtp://${USER_INFO}localhost:${server.port}`).send(MAIL);
    expect(sent).toMatchObject({ outcome: 'later', reason: expect.stringMatching(/could not be talked to \(.*(CERT|SIGNATURE)/) });
    expect(server.attempts()).toBe(0);
  });

  it('is refused where its certificate is for another name', async () => {
    const elsewhere = await createCertificate({ names: ['mail.example'], by: authority });
    const server = await start({ identity: elsewhere });
    const sent = await mailerAt(`smtp://localhost:${server.port}`, { ca: authority.cert }).send(MAIL);
    expect(sent).toMatchObject({ outcome: 'later', reason: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') });
    expect(server.attempts()).toBe(0);
  });

  it.each([
    ['STARTTLS', 'smtp', false],
    ['TLS from the first byte', 'smtps', true],
  ])('is taken by %s with the operator’s own authority, and then gets the password', async (_how, scheme, secure) => {
    const server = await start({ identity, secure, login: LOGIN });
    const mailer = mailerAt(`${scheme}://${USER_INFO}localhost:${server.port}`, { ca: authority.cert });
    expect(await mailer.send(MAIL)).toEqual({ outcome: 'sent' });
    expect(server.mails).toMatchObject([{ secure: true, user: LOGIN.user }]);
  });

  it('is refused TLS from the first byte where nobody vouches for it, too', async () => {
    const server = await start({ identity, secure: true });
    expect(await mailerAt(`smtps://localhost:${server.port}`).send(MAIL)).toMatchObject({ outcome: 'later' });
    expect(server.mails).toEqual([]);
  });

  it('is checked also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise', async () => {
    const server = await start({ identity });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await mailerAt(`smtp://localhost:${server.port}`).send(MAIL)).toMatchObject({ outcome: 'later' });
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    expect(server.mails).toEqual([]);
  });

  it('must do so off this computer: nothing is sent to one that does not', async () => {
    const server = await start({ login: LOGIN });
    // The same computer by an address that is not known as its own.
    const sent = await mailerAt(`smtp://${USER_INFO}[::ffff:127.0.0.1]:${server.port}`).send(MAIL);
    expect(sent).toMatchObject({ outcome: 'later', reason: expect.stringMatching(/STARTTLS/) });
    expect(server.attempts()).toBe(0);
    expect(server.mails).toEqual([]);
  });
});

describe('a mail server that objects', () => {
  const words = 'no amira@partner.example here';

  it.each([
    ['to', 450, '4.2.0', 'RCPT TO'],
    ['data', 451, '4.7.1', 'DATA'],
    ['to', 503, '5.5.1', 'RCPT TO'],
    ['from', 553, '5.1.8', 'MAIL FROM, the address that mails are from'],
  ] as const)('at “%s” with %i is asked again later', async (stage, code, exact, command) => {
    const server = await start();
    server.refuses(stage, { code, words: `${exact} ${words}` });
    const mailer = mailerAt(`smtp://127.0.0.1:${server.port}`);
    expect(await mailer.send(MAIL)).toEqual({ outcome: 'later', reason: `the mail server answered ${code} ${exact} to ${command}` });
    expect(await mailer.send(MAIL)).toEqual({ outcome: 'sent' });
  });

  it.each([
    ['to', 550, '5.1.1', 'RCPT TO'],
    ['data', 554, '5.7.1', 'DATA'],
  ] as const)('at “%s” with %i is not asked again, and its words are not told', async (stage, code, exact, command) => {
    const server = await start();
    server.refuses(stage, { code, words: `${exact} ${words}` });
    const sent = await mailerAt(`smtp://127.0.0.1:${server.port}`).send(MAIL);
    expect(sent).toEqual({ outcome: 'refused', reason: `the mail server answered ${code} ${exact} to ${command}` });
  });

  it('to user and password is asked again later, and neither is told', async () => {
    const server = await start({ login: { ...LOGIN, password: 'another' } });
    const sent = await mailerAt(`smtp://${USER_INFO}127.0.0.1:${server.port}`).send(MAIL);
    expect(sent).toEqual({ outcome: 'later', reason: 'the mail server answered 535 5.7.8 to user and password' });
  });
});

describe('a mail server that does not answer', () => {
  it('is asked again later', async () => {
    const port = await freePort();
    const mailer = mailerAt(`smtp://127.0.0.1:${port}`);
    expect(await mailer.send(MAIL)).toEqual({ outcome: 'later', reason: 'the mail server could not be talked to (ESOCKET ECONNREFUSED)' });
    await start({ port });
    expect(await mailer.send(MAIL)).toEqual({ outcome: 'sent' });
  });

  it('is waited for no longer than a mail may take', async () => {
    const server = await start();
    server.hangs('to');
    const sent = await mailerAt(`smtp://127.0.0.1:${server.port}`, { deadlineMs: 300 }).send(MAIL);
    expect(sent).toEqual({ outcome: 'later', reason: 'the mail server took too long' });
  });
});
