/** The languages that mails are written in. */
export const MAIL_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'] as const;

/** One of {@link MAIL_LANGUAGES}. */
export type MailLanguage = (typeof MAIL_LANGUAGES)[number];

/** How a mail is written. */
export interface MailLocale {
  readonly language: MailLanguage;
  /** What dates are written by. It may say a region (`en-GB`), which the sentences do not tell apart. */
  readonly tag: string;
}

const DEFAULT: MailLocale = { language: 'en', tag: 'en' };

/**
 * The nearest that mails are written in: by language, whatever the region. English where there is none, and for what is no language tag;
 * `de_DE`, as operating systems write it, is one.
 *
 * @see [RFC 5646, tags for identifying languages](https://www.rfc-editor.org/rfc/rfc5646)
 */
export function mailLocale(tag: string | undefined): MailLocale {
  const locale = parseTag(tag);
  const language = MAIL_LANGUAGES.find((each) => each === locale?.language);
  // The base name alone: an extension such as -u-nu-arab would write numbers that do not go with the sentences.
  return locale === undefined || language === undefined ? DEFAULT : { language, tag: locale.baseName };
}

function parseTag(tag: string | undefined): Intl.Locale | undefined {
  try {
    return tag === undefined ? undefined : new Intl.Locale(tag.replaceAll('_', '-'));
  } catch {
    return undefined;
  }
}
