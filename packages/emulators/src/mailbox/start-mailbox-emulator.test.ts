import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AMIRA, JONAS, mailSaying, openMailbox } from '../../test/mailbox-under-test.ts';
import { connectSmtp } from '../../test/smtp-client.ts';
import { MAIL_MOST_BYTES } from './smtp-listener.ts';
import { startMailboxEmulator } from './start-mailbox-emulator.ts';

describe('a mail', () => {
  it('is found by whom the envelope names, in capital or small letters, newest first', async () => {
    const { control, client, send } = await openMailbox({ now: () => 1_793_600_000_000 });
    expect(await send(AMIRA, mailSaying('first'))).toMatch(/^250 /);
    await client.send({ to: [JONAS, 'Amira@Partner.Example'], source: `To: nobody@partner.example\n${mailSaying('second')}` });
    await send(JONAS, mailSaying('third'));
    expect(control.mails.map(({ subject }) => subject)).toEqual(['third', 'second', 'first']);
    expect(control.mailsTo(AMIRA).map(({ subject }) => subject)).toEqual(['second', 'first']);
    expect(control.mailsTo('nobody@partner.example')).toEqual([]);
    expect(control.mailsTo(AMIRA)[0]).toMatchObject({
      id: '2',
      receivedAtMs: 1_793_600_000_000,
      envelope: { from: 'calendars@acme.example', to: [JONAS, 'Amira@Partner.Example'], user: undefined },
      text: 'second\n',
    });
    expect(control.attempts).toBe(4);
    control.clear();
    expect(control.mails).toEqual([]);
  });

  it('has its source kept byte for byte, with lines that begin with a dot', async () => {
    const { control, send } = await openMailbox();
    const source = 'Subject: Größe\r\n\r\n.\r\n..\r\n.hidden\r\nend\r\n';
    await send(AMIRA, source);
    expect(control.mails[0]?.source).toBe(source);
  });

  it('may come from the null sender', async () => {
    const { control, client } = await openMailbox();
    expect(await client.send({ from: '', to: [AMIRA], source: mailSaying('bounce') })).toMatch(/^250 /);
    expect(control.mails[0]?.envelope.from).toBe('');
  });
});

describe('waiting for a mail', () => {
  it('takes one that is there, or the next one, or one after another', async () => {
    const { control, send } = await openMailbox();
    const next = control.waitForMailTo(AMIRA);
    await send(JONAS, mailSaying('for somebody else'));
    await send(AMIRA, mailSaying('first'));
    const first = await next;
    expect(first.subject).toBe('first');
    expect(await control.waitForMailTo(AMIRA)).toBe(first);
    const after = control.waitForMailTo(AMIRA, { after: first });
    await send(AMIRA, mailSaying('second'));
    expect((await after).subject).toBe('second');
  });

  it('ends in time, and names no address', async () => {
    const { control, send } = await openMailbox();
    await send(JONAS, mailSaying('for somebody else'));
    const waiting = control.waitForMailTo(AMIRA, { timeoutMs: 20 });
    await expect(waiting).rejects.toThrow('waitForMailTo: expected a mail to this address within 20 ms, and 1 others are here');
  });
});

describe('what is kept', () => {
  it('is the newest mails, whatever was sent before', async () => {
    const { control, send, get } = await openMailbox({ keep: 3 });
    for (let count = 1; count <= 10; count += 1) await send(AMIRA, mailSaying(`mail ${count}`));
    expect(control.mails.map(({ id, subject }) => [id, subject])).toEqual([
      ['10', 'mail 10'],
      ['9', 'mail 9'],
      ['8', 'mail 8'],
    ]);
    expect((await get('/messages/7')).status).toBe(404);
  });

  it('is never much: a mail beyond the most is refused, and so are too many recipients', async () => {
    const { control, client, send } = await openMailbox();
    const large = `Subject: large\n\n${'x'.repeat(998)}\n`.padEnd(MAIL_MOST_BYTES + 10, `${'x'.repeat(998)}\n`);
    expect(await client.say(`MAIL FROM:<a@acme.example> SIZE=${MAIL_MOST_BYTES + 1}`)).toMatch(/^552 /);
    expect(await send(AMIRA, large)).toMatch(/^552 5\.3\.4 /);
    const many = Array.from({ length: 101 }, (_, count) => `person-${count}@partner.example`);
    expect(await client.send({ to: many, source: mailSaying('many') })).toMatch(/^452 4\.5\.3 /);
    expect(control.mails).toEqual([]);
    expect(await send(AMIRA, mailSaying('small'))).toMatch(/^250 /);
  });

  it.each([0, -1, 1.5, NaN])('cannot be %j mails', async (keep) => {
    await expect(startMailboxEmulator({ keep })).rejects.toThrow('keep: expected how many mails to keep, at least 1, received');
  });
});

describe('a server that refuses', () => {
  it('does so for now, as often as it was told to', async () => {
    const { control, send } = await openMailbox({ faults: [{ times: 2 }] });
    expect(await send(AMIRA, mailSaying('first'))).toBe('451 4.3.0 Try again later');
    expect(await send(AMIRA, mailSaying('second'))).toBe('451 4.3.0 Try again later');
    expect(await send(AMIRA, mailSaying('third'))).toMatch(/^250 /);
    expect(control.mails.map(({ subject }) => subject)).toEqual(['third']);
    expect(control.attempts).toBe(3);
  });

  it('does so for good for one address, until that is taken back', async () => {
    const { control, send } = await openMailbox();
    const mend = control.addFault({ email: 'Amira@partner.example', code: 550 });
    expect(await send('AMIRA@partner.example', mailSaying('lost'))).toBe('550 5.1.1 No such mailbox');
    expect(await send(JONAS, mailSaying('kept'))).toMatch(/^250 /);
    mend();
    expect(await send(AMIRA, mailSaying('kept too'))).toMatch(/^250 /);
    expect(control.mails.map(({ subject }) => subject)).toEqual(['kept too', 'kept']);
  });

  it('may do so when it has read all, and keeps nothing of it', async () => {
    const { control, send, client } = await openMailbox();
    control.addFault({ group: 'data', email: AMIRA, code: 554, times: 1 });
    expect(await client.send({ to: [JONAS, AMIRA], source: mailSaying('refused') })).toBe('554 5.7.1 The mail is not wanted');
    expect(control.mails).toEqual([]);
    expect(await send(AMIRA, mailSaying('taken'))).toMatch(/^250 /);
  });

  it('goes back to how it began', async () => {
    const { control, send } = await openMailbox();
    control.addFault({ code: 499 });
    expect(await send(AMIRA, mailSaying('refused'))).toBe('499 4.0.0 The emulator was told to refuse this');
    control.reset();
    expect(await send(AMIRA, mailSaying('taken'))).toMatch(/^250 /);
  });

  it.each([250, 399, 600, 450.5])('cannot do so with %j', async (code) => {
    const { control } = await openMailbox();
    expect(() => control.addFault({ code })).toThrow(`fault.code: expected a reply that refuses, from 400 to 599, received ${code}`);
    await expect(startMailboxEmulator({ faults: [{ code }] })).rejects.toThrow('fault.code');
  });
});

describe('a server that is down', () => {
  it('ends connections and takes none, keeps its mails, and comes back where it was', async () => {
    const { control, client, send, smtpPort, get } = await openMailbox();
    await send(AMIRA, mailSaying('before'));
    await control.goDown();
    await client.ended;
    await expect(connectSmtp(smtpPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await get('/messages/1')).status).toBe(200);
    await control.goDown();
    await control.comeUp();
    await control.comeUp();
    const again = await connectSmtp(smtpPort);
    expect(await again.send({ to: [AMIRA], source: mailSaying('after') })).toMatch(/^250 /);
    again.hangUp();
    expect(control.mails.map(({ subject }) => subject)).toEqual(['after', 'before']);
  });
});

describe('a server with a login', () => {
  const login = { user: 'acme@mail.example', password: 'p/a:ß#%' };
  const plain = (password: string): string => `AUTH PLAIN ${Buffer.from(`\0${login.user}\0${password}`).toString('base64')}`;

  it('takes mails from its user only, and says how in its address', async () => {
    const { control, client, send, smtpUrl, smtpPort } = await openMailbox({ login });
    expect(await send(AMIRA, mailSaying('nobody'))).toMatch(/^530 /);
    expect(await client.say(plain('wrong'))).toBe('535 5.7.8 Wrong user or password');
    expect(await client.say(plain(login.password))).toMatch(/^235 /);
    expect(await send(AMIRA, mailSaying('somebody'))).toMatch(/^250 /);
    expect(control.mails).toMatchObject([{ subject: 'somebody', envelope: { user: login.user } }]);
    expect(smtpUrl).toBe(`smtp://acme%40mail.example:p%2Fa%3A%C3%9F%23%25@127.0.0.1:${smtpPort}`);
  });
});

describe('its ports', () => {
  it('can be chosen, and both are free again when it has ended', async () => {
    const first = await startMailboxEmulator();
    expect(first).toMatchObject({ url: `http://127.0.0.1:${first.port}`, smtpUrl: `smtp://127.0.0.1:${first.smtpPort}` });
    await first.close();
    const again = await startMailboxEmulator({ port: first.port, smtpPort: first.smtpPort });
    expect([again.port, again.smtpPort]).toEqual([first.port, first.smtpPort]);
    await again.close();
  });

  it.each(['port', 'smtpPort'] as const)('fail where %s is taken, and leave the other free', async (option) => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const free = await startMailboxEmulator();
    await free.close();
    const ports = { port: free.port, smtpPort: free.smtpPort, [option]: port };
    await expect(startMailboxEmulator(ports)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    taken.close();
    await once(taken, 'close');
    await (await startMailboxEmulator(ports)).close();
  });
});
