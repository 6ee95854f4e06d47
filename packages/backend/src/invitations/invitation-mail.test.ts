import { describe, expect, it } from 'vitest';
import { MAIL_LANGUAGES } from '../mail/mail-language.ts';
import { BARE, FULL } from './invitation-fixtures.contract.ts';
import { invitationMail, type InvitationMail } from './invitation-mail.ts';
import { INVITATION_KINDS, type InvitedEvent } from './invited-event.ts';
import { invitationSentences } from './sentences/sentences.ts';

const MAIL: InvitationMail = { kind: 'invited', event: { ...FULL, title: 'Interview' }, application: 'Acme Scheduler', locale: 'en-GB' };

/** A page as it is read: without markup. */
function read(html: string): string {
  const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
  return html
    .replace(/<title>.*?<\/title>|<(?!\/?bdi)[^>]*>/gs, ' ')
    .replace(/<\/?bdi>/g, '')
    .replace(/&(?:lt|gt|quot|amp|#39);/g, (entity) => entities[entity] ?? entity)
    .replace(/\s+/g, ' ');
}

describe('the mail of an invitation', () => {
  it('says who invites, what, when, where, how to take part, how to answer, and why it came', async () => {
    const { subject, text } = await invitationMail(MAIL);
    expect(subject).toBe('Invitation: Interview');
    expect(text.replaceAll('\u2009', ' ')).toBe(
      [
        'Acme Scheduler invites you to this event.',
        [
          'Interview',
          'When: Thursday, 19 November 2026, 10:00–11:00 (Central European Time)',
          'Where: Room 5, Hauptstraße 1',
          'Join with Zoom: https://zoom.example/j/123?pwd=a,b',
          'About the event: https://acme.example/events/1?a=1,2;b=3',
        ].join('\n'),
        'First line\nSecond line, with a comma; and a semicolon',
        'Last',
        'To accept or decline, use the buttons that your mail or calendar program shows with this mail. If it shows none, open the attached file.',
        '--\nWhy you get this: Acme Scheduler has your address as that of somebody who takes part in this event.',
        'This mail was sent automatically. An answer to it goes to Acme Scheduler.\n',
      ].join('\n\n'),
    );
  });

  it.each(INVITATION_KINDS)(
    'says the same as HTML where somebody is %s, with links to the web alone and nothing that is loaded',
    async (kind) => {
      const { text, html } = await invitationMail({ ...MAIL, kind });
      const page = read(html);
      for (const line of text.split('\n').flatMap((each) => each.split(/(?<=^[\w ]+): /))) {
        if (line !== '--') expect(page).toContain(line.replace(/\s+/g, ' ').trim());
      }
      for (const [, address] of html.matchAll(/href="([^"]*)"/g)) expect(address).toMatch(/^https:\/\//);
      expect(html).not.toMatch(/<(img|link|script|iframe|style)|src=|url\(/i);
      expect(html).toContain('<html lang="en" dir="ltr">');
    },
  );

  it.each(['cancelled', 'uninvited'] as const)('where somebody is %s does not say how to take part', async (kind) => {
    const { subject, text, html } = await invitationMail({ ...MAIL, kind });
    expect(subject).toMatch(/^(Cancelled|No longer invited): Interview$/);
    expect(text).toMatch(/^When: /m);
    expect(`${text}${html}`).not.toMatch(/zoom|href|First line|events\/1/i);
  });

  it('leaves out what nobody said', async () => {
    const event: InvitedEvent = { ...BARE, title: ' ', organizer: { name: '', email: 'meetings@acme.example' } };
    const { subject, text } = await invitationMail({ ...MAIL, event });
    expect(subject).toBe('Invitation: Untitled event');
    expect(text).toMatch(/^meetings@acme\.example invites you to this event\./);
    expect(text).not.toMatch(/Where|Join|About|undefined/);
  });
});

describe.each(MAIL_LANGUAGES)('the mail in %s', (locale) => {
  it.each(INVITATION_KINDS)('fills in every name where somebody is %s, and says the date in its own words', async (kind) => {
    const { subject, text, html } = await invitationMail({ ...MAIL, kind, locale });
    expect(subject).toMatch(/ ?: Interview$/);
    expect(text).toContain('Acme Scheduler');
    expect(`${subject}${text}${html}`).not.toMatch(/[{}]|undefined/);
    expect(html).toContain(`<html lang="${locale}"`);
    expect(text.includes(new Intl.DateTimeFormat(locale, { weekday: 'long' }).format(FULL.stampMs + 17 * 24 * 3600_000))).toBe(true);
  });

  it('has all its sentences, and none of another language’s', async () => {
    const all = async (language: typeof locale) => {
      const { subject, happened, answer, when, untitled, why, reply } = await invitationSentences(language);
      return [...Object.values(happened), ...Object.values(answer), subject.invited, subject.uninvited, when, untitled, why, reply];
    };
    const own = await all(locale);
    expect(own.every((sentence) => sentence.trim() !== '')).toBe(true);
    for (const sentence of (await invitationSentences(locale)).why.match(/\{\w+\}/g) ?? []) expect(sentence).toBe('{application}');
    const others = await Promise.all(MAIL_LANGUAGES.filter((language) => language !== locale).map(all));
    // “Quando” is Italian and Portuguese.
    const shared = own.filter((sentence) => others.flat().includes(sentence) && sentence.includes(' ') && !sentence.includes('{title}'));
    expect(shared).toEqual([]);
  });
});

describe('what a partner typed', () => {
  const evil = 'x</p><a href="https://evil.example">"y & z\'\r\nBcc: mallory@evil.example\u202e\u2028\ud83d{organizer}';

  it('is no markup, no line of its own, and turns no sentence around', async () => {
    const event: InvitedEvent = {
      ...FULL,
      title: evil,
      location: evil,
      url: 'javascript:alert(1)',
      organizer: { ...FULL.organizer, name: evil },
      conferencing: { description: evil, joinUrl: 'javascript:alert(2)' },
    };
    const { subject, text, html } = await invitationMail({ ...MAIL, event, application: evil });
    const line = 'x</p><a href="https://evil.example">"y & z\' Bcc: mallory@evil.example \ufffd{organizer}';
    expect(subject).toBe(`Invitation: ${line}`);
    expect(text).toContain(`Where: ${line}\n`);
    expect(text).not.toMatch(/\r|\u202e|\u2028|\nBcc/);
    expect(html).not.toMatch(/<a |\u202e|\r/);
    expect(html).toContain('<bdi>x&lt;/p&gt;&lt;a href=&quot;https://evil.example&quot;&gt;&quot;y &amp; z&#39; Bcc:');
    expect(text).toContain('javascript:alert(2)');
    expect(text).not.toContain('javascript:alert(1)');
  });

  it('keeps its lines in a description, and stays plain', async () => {
    const description = 'One\r\n<b>Two</b>\n\n\n\n\nhttps://acme.example/three\u202e\u0007';
    const { text, html } = await invitationMail({ ...MAIL, event: { ...BARE, description } });
    expect(text).toContain('\n\nOne\n<b>Two</b>\n\nhttps://acme.example/three\n\n');
    expect(html).toMatch(/<p dir="auto">One<br \/>&lt;b&gt;Two&lt;\/b&gt;<br \/><br \/>https:\/\/acme\.example\/three<\/p>/);
  });

  it('in a script that is written from the right leaves the words around it where they are', async () => {
    const { html, text } = await invitationMail({
      ...MAIL,
      event: { ...BARE, title: 'פגישה', organizer: { ...BARE.organizer, name: 'דנה' } },
    });
    expect(html).toContain('<bdi>דנה</bdi> invites you');
    expect(html).toMatch(/<h1[^>]*><bdi>פגישה<\/bdi><\/h1>/);
    expect(text).toContain('דנה invites you');
  });
});
