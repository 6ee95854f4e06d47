import { fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { type MailLocale, mailLocale } from '../mail/mail-language.ts';
import { linesMarkup, mailPage, type Markup, sentenceMarkup } from '../mail/mail-page.ts';
import { oneLine, plainLines, webAddress } from '../mail/mail-text.ts';
import type { Mail } from '../mail/mailer.ts';
import { type InvitationKind, type InvitedEvent, methodOf } from './invited-event.ts';
import { meetingOf } from './meeting.ts';
import { invitationSentences, type InvitationSentences } from './sentences/sentences.ts';
import { whenInWords } from './when.ts';

/** What somebody is told of an event. */
export interface InvitationMail {
  readonly kind: InvitationKind;
  readonly event: InvitedEvent;
  /** The application's name, as shown to people. */
  readonly application: string;
  /** The person's language as a BCP 47 tag; the nearest of {@link MAIL_LANGUAGES} is written. */
  readonly locale: string | undefined;
}

/** One thing to know about the event. */
interface Detail {
  readonly label: string;
  readonly text: string;
}

/**
 * Writes what a person reads of an invitation, in their language: who invites, what, when and where, how to answer, and why they get this.
 * Texts of the event stay plain, and only addresses of the web become links. A cancellation leaves out how to take part.
 */
export async function invitationMail(mail: InvitationMail): Promise<Pick<Mail, 'subject' | 'text' | 'html'>> {
  const { kind, event } = mail;
  const locale = mailLocale(mail.locale);
  const sentences = await invitationSentences(locale.language);
  const title = oneLine(event.title) || sentences.untitled;
  const names = { application: oneLine(mail.application), organizer: oneLine(event.organizer.name) || event.organizer.email };
  const details = detailsOf(mail, { sentences, locale });
  const description = methodOf(kind) === 'REQUEST' ? plainLines(event.description ?? '') : '';
  const subject = fill(sentences.subject[kind], { title });
  const answer = sentences.answer[kind];
  const footer = [sentences.why, sentences.reply];
  const text = [
    fill(sentences.happened[kind], names),
    [title, ...details.map(({ label, text }) => fill(sentences.detail, { label, value: text }))].join('\n'),
    ...(description === '' ? [] : [description]),
    answer,
    `--\n${footer.map((sentence) => fill(sentence, names)).join('\n\n')}`,
  ];
  const body = [
    await html`<p>${sentenceMarkup(sentences.happened[kind], names)}</p>
      <h1 style="font-size: 1.4em; line-height: 1.25; margin: 0.8em 0"><bdi>${title}</bdi></h1>`,
    ...details.map(detailMarkup),
    ...(description === '' ? [] : [await html`<p dir="auto">${linesMarkup(description)}</p>`]),
    await html`<p>${answer}</p>
      <hr />
      ${footer.map((sentence) => html`<p><small>${sentenceMarkup(sentence, names)}</small></p>`)}`,
  ];
  return { subject, text: `${text.join('\n\n')}\n`, html: await mailPage({ locale, title: subject, body }) };
}

function detailsOf(
  { kind, event }: InvitationMail,
  { sentences, locale }: { sentences: InvitationSentences; locale: MailLocale },
): readonly Detail[] {
  const { time, timeZone } = event;
  const details = [
    { label: sentences.when, text: whenInWords(time, { tag: locale.tag, timeZone }) },
    { label: sentences.where, text: oneLine(event.location ?? '') },
  ];
  if (methodOf(kind) === 'REQUEST') {
    const { service = '', address = '' } = meetingOf(event) ?? {};
    details.push(
      { label: fill(sentences.join, { service }), text: address },
      { label: sentences.page, text: webAddress(event.url ?? '') ?? '' },
    );
  }
  return details.filter(({ text }) => text !== '');
}

function detailMarkup({ label, text }: Detail): Markup {
  const address = webAddress(text);
  const content = address === undefined ? html`<bdi>${text}</bdi>` : html`<a href="${address}" dir="ltr">${text}</a>`;
  return html`<p><strong>${label}</strong><br />${content}</p>`;
}
