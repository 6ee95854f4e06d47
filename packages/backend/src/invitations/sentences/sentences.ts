import type { MailLanguage } from '../../mail/mail-language.ts';
import type { InvitationKind } from '../invited-event.ts';

/**
 * What an invitation by mail says, in one language. `{organizer}`, `{application}` and `{service}` are names; `{title}` is the event's. One
 * language is one file, loaded when somebody is written to in it.
 */
export interface InvitationSentences {
  readonly subject: Readonly<Record<InvitationKind, string>>;
  /** Who did what. */
  readonly happened: Readonly<Record<InvitationKind, string>>;
  /** What to do now. */
  readonly answer: Readonly<Record<InvitationKind, string>>;
  /** In place of a title where there is none. */
  readonly untitled: string;
  /** A line of plain text: `{label}` is one of the next four. */
  readonly detail: string;
  readonly when: string;
  readonly where: string;
  /** In front of the address of the meeting. */
  readonly join: string;
  /** In front of the address of a page about the event. */
  readonly page: string;
  readonly why: string;
  readonly reply: string;
}

const languages: Readonly<Record<MailLanguage, () => Promise<InvitationSentences>>> = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
  it: async () => (await import('./it.ts')).it,
  nl: async () => (await import('./nl.ts')).nl,
  pt: async () => (await import('./pt.ts')).pt,
};

/** Loads the sentences of one language. */
export function invitationSentences(language: MailLanguage): Promise<InvitationSentences> {
  return languages[language]();
}
