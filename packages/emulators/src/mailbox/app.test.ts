import { describe, expect, it } from 'vitest';
import { AMIRA, JONAS, mailSaying, openMailbox } from '../../test/mailbox-under-test.ts';
import { createMailboxApp } from './app.ts';
import type { CaughtMail } from './caught-mail.ts';
import { createMails } from './mails.ts';

const ATTACK = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`;
const ESCAPED = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;';
const HOSTILE = `From: "${ATTACK.replaceAll('"', String.raw`\"`)}" <calendars@acme.example>
Reply-To: <x@acme.example>
Subject: ${ATTACK}
Date: ${ATTACK}
Message-ID: ${ATTACK}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

${ATTACK} javascript:alert(3) https://acme.example/"onmouseover=alert(4) data:text/html,x
--b
Content-Type: text/html; charset=utf-8

<p>Hello</p>"></iframe>${ATTACK}<base href="https://evil.example/"><link rel="preconnect" href="https://evil.example"><META http-equiv="refresh" content="0;url=https://evil.example">
--b
Content-Type: text/calendar; method="REQUEST"; charset=utf-8

BEGIN:VCALENDAR
METHOD:${ATTACK}
BEGIN:VEVENT
UID:${ATTACK}
SUMMARY:${ATTACK}
LOCATION:${ATTACK}
DTSTART;TZID=${ATTACK.replace(/["';:]/g, '')}:20261102T090000
ATTENDEE;CN=^'^'><script>alert(5)</script>:mailto:${ATTACK}
END:VEVENT
END:VCALENDAR
--b
Content-Type: application/octet-stream; name="${ATTACK.replaceAll('"', '')}"
Content-Disposition: attachment

x
--b--
`;

/** Every script that a browser would run, did it have to. */
const scriptsOf = (html: string): readonly string[] => html.match(/<script\b[^>]*>/g) ?? [];

describe('the list', () => {
  it('shows whose mails there are, and the mails of one person, newest first', async () => {
    const { send, client, get } = await openMailbox();
    await send(AMIRA, mailSaying('first'));
    await client.send({ to: [JONAS, AMIRA], source: mailSaying('second') });
    await send(JONAS, mailSaying('third'));
    const subjectsAt = async (path: string) =>
      [...(await (await get(path)).text()).matchAll(/class="subject"\s*><bdi>([^<]*)</g)].map(([, subject]) => subject);
    expect(await subjectsAt('/')).toEqual(['third', 'second', 'first']);
    expect(await subjectsAt(`/?to=${encodeURIComponent('AMIRA@partner.example')}`)).toEqual(['second', 'first']);
    expect(await subjectsAt('/?to=nobody%40partner.example')).toEqual([]);
    const html = await (await get('/?to=amira%40partner.example')).text();
    expect(html).toMatch(/<a href="\/\?to=amira%40partner\.example" aria-current="page"/);
    expect(html).toMatch(/<a href="\/"\s*>/);
  });

  it('says where to send where there is no mail yet, and has no password in it', async () => {
    const { get, smtpPort } = await openMailbox({ login: { user: 'acme', password: 'geheim' } });
    const html = await (await get('/')).text();
    expect(html).toContain(`smtp://127.0.0.1:${smtpPort}`);
    expect(html).not.toMatch(/acme|geheim/);
  });

  it('runs its own script only, which asks nobody else', async () => {
    const { send, get } = await openMailbox();
    await send(AMIRA, HOSTILE);
    const answer = await get(`/?to=${encodeURIComponent(ATTACK)}`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(policy).toMatch(/^default-src 'none';.*connect-src 'self'$/);
    const html = await answer.text();
    expect(scriptsOf(html)).toEqual([`<script type="module" nonce="${nonce}">`]);
    expect(html).toContain(`No mail to <bdi>${ESCAPED}</bdi> yet`);
    const again = await get('/');
    expect(again.headers.get('content-security-policy')).not.toContain(nonce);
    expect(scriptsOf(await again.text())).toHaveLength(1);
  });
});

describe('a mail that would do harm', () => {
  it('is shown as it is, with nothing in it at work', async () => {
    const { send, get } = await openMailbox();
    expect(await send(AMIRA, HOSTILE)).toMatch(/^250 /);
    const answer = await get('/messages/1');
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'",
    );
    const html = await answer.text();
    expect(scriptsOf(html)).toEqual([]);
    expect(html).not.toMatch(/<img|<\/iframe>\s*&quot;|onerror="|href="(?!\/|https:\/\/acme\.example\/"|data:,")/);
    expect(html.match(/<iframe/g)).toHaveLength(1);
    // Subject, Date, Message-ID, the text, METHOD, UID, SUMMARY, LOCATION, the title and the two sources.
    expect(html.split(ESCAPED).length).toBeGreaterThan(10);
  });

  it('is framed without scripts, forms and what would load from elsewhere', async () => {
    const { send, get } = await openMailbox();
    await send(AMIRA, HOSTILE);
    const html = await (await get('/messages/1')).text();
    const [, attributes = '', srcdoc = ''] = /<iframe([^>]*)srcdoc="([^"]*)"/.exec(html) ?? [];
    expect(/sandbox="([^"]*)"/.exec(attributes)?.[1]).toBe('allow-popups allow-popups-to-escape-sandbox');
    expect(srcdoc).toContain('&lt;p&gt;Hello&lt;/p&gt;');
    expect(srcdoc.match(/&lt;(?:link|base|meta|iframe)\b/gi)).toEqual(['&lt;meta', '&lt;base']);
    expect(srcdoc).toMatch(/^&lt;!doctype html&gt;&lt;meta charset=&quot;utf-8&quot;&gt;&lt;base target=&quot;_blank&quot;&gt;/);
  });

  it('comes down as a file, under a name of ours', async () => {
    const { send, get } = await openMailbox();
    await send(AMIRA, HOSTILE);
    const invitation = await get('/messages/1/invitation.ics');
    expect(Object.fromEntries(invitation.headers)).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'attachment; filename="mail-1.ics"',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(await invitation.text()).toContain('BEGIN:VCALENDAR\r\n');
    const source = await get('/messages/1/source.eml');
    expect(source.headers.get('content-disposition')).toBe('attachment; filename="mail-1.eml"');
    expect(await source.text()).toContain(`Subject: ${ATTACK}\r\n`);
  });
});

describe('an invitation', () => {
  it('is told in words, in its own zone, with a warning where mail programs would not see it', async () => {
    const { send, get } = await openMailbox();
    const invitation = (contentType: string) => `Content-Type: ${contentType}\n
BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:evt-1\nSEQUENCE:1\nDTSTAMP:20261101T080000Z\nDTSTART;TZID=Europe/Berlin:20261102T090000
DTEND:20261102T090030Z\nSUMMARY:Board review\nORGANIZER;CN=Acme:mailto:calendars@acme.example
ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:amira@partner.example\nEND:VEVENT
BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261103\nDTEND:20261103T1\nEND:VEVENT\nEND:VCALENDAR\n`;
    await send(AMIRA, invitation('text/calendar; method=REQUEST'));
    await send(AMIRA, invitation('text/calendar; method=CANCEL'));
    const html = await (await get('/messages/1')).text();
    const fields = [...html.matchAll(/<dt>([A-Z-]+)<\/dt>\s*<dd>([\s\S]*?)<\/dd>/g)].map(([, name, value = '']) => [
      name,
      value.replace(/<[^>]*>/g, '').trim(),
    ]);
    expect(fields).toEqual([
      ['SUMMARY', 'Board review'],
      ['DTSTART', 'Mon, 2 Nov 2026, 09:00 Europe/Berlin'],
      ['DTEND', 'Mon, 2 Nov 2026, 09:00:30 UTC'],
      ['ORGANIZER', 'Acme &lt;calendars@acme.example&gt;'],
      ['ATTENDEE', 'amira@partner.example · NEEDS-ACTION · asked to reply'],
      ['UID', 'evt-1'],
      ['SEQUENCE', '1'],
      ['DTSTAMP', 'Sun, 1 Nov 2026, 08:00 UTC'],
      ['DTSTART', 'Tue, 3 Nov 2026, whole day'],
      ['DTEND', '20261103T1'],
    ]);
    expect(html).toContain('METHOD <strong>REQUEST</strong>');
    expect(html).not.toContain('which differs');
    expect(await (await get('/messages/2')).text()).toContain('Content-Type says method=CANCEL, which differs');
  });

  it('is not there to take down where there is none', async () => {
    const { send, get } = await openMailbox();
    await send(AMIRA, mailSaying('plain'));
    for (const path of ['/messages/1/invitation.ics', '/messages/2', '/messages/2/source.eml', '/elsewhere']) {
      const answer = await get(path);
      expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('This mail is not here')]);
    }
  });
});

describe('the JSON', () => {
  it('is what tests in other processes read, forget, and see changes by', async () => {
    const { send, get } = await openMailbox();
    const revision = async () => ((await (await get('/api/revision')).json()) as { revision: string }).revision;
    const before = await revision();
    await send(AMIRA, mailSaying('first'));
    await send(JONAS, mailSaying('second'));
    expect(await revision()).not.toBe(before);
    const read = async (path: string) => ((await (await get(path)).json()) as { messages: readonly CaughtMail[] }).messages;
    expect(await read('/api/messages')).toMatchObject([{ subject: 'second' }, { subject: 'first', text: 'first\n' }]);
    expect(await read('/api/messages?to=Amira%40partner.example')).toMatchObject([{ id: '1', envelope: { to: [AMIRA] } }]);
    expect(await (await get('/api/messages/2')).json()).toMatchObject({
      subject: 'second',
      source: expect.stringContaining('Subject: second'),
    });
    expect((await get('/api/messages/3')).status).toBe(404);
    expect((await get('/api/messages', { method: 'DELETE' })).status).toBe(204);
    expect(await read('/api/messages')).toEqual([]);
  });

  it('is for no page elsewhere: under no other name, and with no permission to read it', async () => {
    const app = createMailboxApp({ mails: createMails(1), publicUrl: 'http://mailbox.internal:4000', smtpAddress: '127.0.0.1:2525' });
    const statusAt = async (origin: string) =>
      (await app.request(`${origin}/api/messages`, { headers: { origin: 'https://evil.example' } })).status;
    for (const own of ['http://127.0.0.1:1', 'http://localhost:1', 'http://mail.localhost', 'http://[::1]:1', 'http://mailbox.internal']) {
      expect(await statusAt(own)).toBe(200);
    }
    for (const other of ['http://evil.example', 'http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'http://evillocalhost']) {
      expect(await statusAt(other)).toBe(403);
    }
    const answer = await app.request('http://localhost/api/messages', { headers: { origin: 'https://evil.example' } });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
