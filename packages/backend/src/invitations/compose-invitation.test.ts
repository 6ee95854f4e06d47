import PostalMime from 'postal-mime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../../test/support/mail-server.ts';
import { createMailer } from '../mail/mailer.ts';
import { composeInvitation, type InvitationToSend } from './compose-invitation.ts';
import { FULL, instantOf, readInvitation } from './invitation-fixtures.contract.ts';

const TO_SEND: InvitationToSend = {
  kind: 'invited',
  event: FULL,
  application: 'Acme Scheduler',
  locale: 'de-AT',
  to: 'amira@partner.example',
  item: 'invitation:evt_1:3:amira',
};

let server: MailServer;
beforeEach(async () => {
  server = await startMailServer();
});
afterEach(() => server.close());

/** What stands in a part that is text. */
function textOf(content: unknown): string {
  if (typeof content !== 'string') throw new Error('a part of text was expected');
  return content;
}

/** Sends an invitation through a mail server, and reads what came by libraries that wrote none of it. */
async function sendAndRead(toSend: InvitationToSend) {
  const mailer = createMailer({ smtpUrl: `smtp://127.0.0.1:${server.port}`, from: 'Calendars <calendars@connect.example>' });
  expect(await mailer.send(await composeInvitation(toSend))).toEqual({ outcome: 'sent' });
  const received = server.mails.at(-1);
  const mail = await PostalMime.parse(received?.source ?? '', { attachmentEncoding: 'utf8' });
  return { received, mail };
}

describe('an invitation by mail', () => {
  it('reaches a mail server with text, HTML, what a calendar reads, and that as a file', async () => {
    const { received, mail } = await sendAndRead(TO_SEND);
    expect(received?.to).toEqual(['amira@partner.example']);
    expect(received?.from).toBe('calendars@connect.example');
    expect(mail.subject).toBe(`Einladung: ${FULL.title}`);
    expect(mail.from).toMatchObject({ name: 'Acme Scheduler', address: 'calendars@connect.example' });
    expect(mail.replyTo).toMatchObject([{ name: 'Acme Scheduler', address: 'meetings@acme.example' }]);
    expect(mail.text).toContain('lädt Sie zu diesem Termin ein');
    expect(mail.html).toContain('<html lang="de"');
    expect(mail.attachments.map(({ mimeType, filename, method }) => ({ mimeType, filename, method }))).toEqual([
      { mimeType: 'text/calendar', filename: null, method: 'REQUEST' },
      { mimeType: 'application/ics', filename: 'invite.ics', method: undefined },
    ]);
    const [alternative, file] = mail.attachments.map(({ content }) => textOf(content));
    expect(alternative).toBe(file);
    const { calendar, event } = readInvitation(alternative ?? '');
    expect(calendar.getFirstPropertyValue('method')).toBe('REQUEST');
    expect(event.getFirstPropertyValue('uid')).toBe(FULL.uid);
    expect(event.getFirstPropertyValue('summary')).toBe(FULL.title);
    expect(instantOf(event, 'dtstart')).toBe(Date.UTC(2026, 10, 19, 9));
  });

  it('holds the parts in the order in which mail programs choose', async () => {
    const { received } = await sendAndRead(TO_SEND);
    const types = [...(received?.source ?? '').matchAll(/^Content-Type: ([^;\r]*)(?:;\r?\n? (charset=utf-8; method=\w+))?/gm)];
    expect(types.map(([, type, parameters]) => (parameters === undefined ? type : `${type}; ${parameters}`))).toEqual([
      'multipart/mixed',
      'multipart/alternative',
      'text/plain',
      'text/html',
      'text/calendar; charset=utf-8; method=REQUEST',
      'application/ics',
    ]);
    expect(received?.source).toMatch(/Content-Type: text\/calendar[^\r]*\r\nContent-Transfer-Encoding: base64\r\n/);
  });

  it.each([
    ['changed', 'REQUEST', 'CONFIRMED', 'Geändert: '],
    ['cancelled', 'CANCEL', 'CANCELLED', 'Abgesagt: '],
    ['uninvited', 'CANCEL', null, 'Nicht mehr eingeladen: '],
  ] as const)('that says somebody is told of an event %s is a %s', async (kind, method, status, subject) => {
    const { mail } = await sendAndRead({ ...TO_SEND, kind });
    const [part] = mail.attachments;
    expect(part?.method).toBe(method);
    const { calendar, event } = readInvitation(textOf(part?.content));
    expect(calendar.getFirstPropertyValue('method')).toBe(method);
    expect(event.getFirstPropertyValue('status')).toBe(status);
    expect(mail.subject).toBe(`${subject}${FULL.title}`);
  });

  it('is one mail however often it is sent, and the next about the event is below the first', async () => {
    const first = await sendAndRead({ ...TO_SEND, thread: TO_SEND.item });
    const again = await sendAndRead({ ...TO_SEND, thread: TO_SEND.item });
    const next = await sendAndRead({ ...TO_SEND, kind: 'changed', item: 'invitation:evt_1:4:amira', thread: TO_SEND.item });
    expect(again.mail.messageId).toBe(first.mail.messageId);
    expect(first.mail.inReplyTo).toBeUndefined();
    expect(next.mail.messageId).not.toBe(first.mail.messageId);
    expect(next.mail.inReplyTo).toBe(first.mail.messageId);
    expect(next.mail.references).toBe(first.mail.messageId);
  });

  it('asks for no out-of-office note, and for every other answer', async () => {
    const { received } = await sendAndRead(TO_SEND);
    expect(received?.headers).toMatchObject({ 'auto-submitted': ['auto-generated'], 'x-auto-response-suppress': ['OOF'] });
  });

  it('is not sent where the event cannot be written', async () => {
    await expect(composeInvitation({ ...TO_SEND, event: { ...FULL, attendees: [] } })).rejects.toThrow(RangeError);
  });
});
