import { fill } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { mailLocale } from './mail-language.ts';
import { mailPage, sentenceMarkup } from './mail-page.ts';
import { oneLine } from './mail-text.ts';
import type { Mail } from './mailer.ts';

/** Who asks for a proof of an address, and the code that proves it. */
export interface VerificationMail {
  /** The application's name, as shown to people. */
  readonly application: string;
  /** Six digits. */
  readonly code: string;
  /** The person's language as a BCP 47 tag; the nearest of {@link MAIL_LANGUAGES} is written. */
  readonly locale: string | undefined;
}

/**
 * Writes the mail with a code that proves an address. There is no link in it, so that nobody learns to follow one from such a mail. The code
 * is not in the subject, which mail servers log and locked screens show. It is set apart by letter spacing alone: what is copied are its six
 * digits.
 */
export async function verificationMail(mail: VerificationMail): Promise<Pick<Mail, 'subject' | 'text' | 'html'>> {
  // Loaded when first used, as nobody needs seven languages to start.
  const { verificationSentences } = await import('./verification-sentences.ts');
  const locale = mailLocale(mail.locale);
  const sentences = verificationSentences[locale.language];
  const values = { application: oneLine(mail.application) };
  const code = oneLine(mail.code);
  const subject = fill(sentences.subject, values);
  const enter = fill(sentences.enter, values);
  const { valid, ignore, automatic } = sentences;
  const page = await mailPage({
    locale,
    title: subject,
    body: [
      await html`<p>${sentenceMarkup(sentences.enter, values)}</p>
        <p dir="ltr" style="font-size: 2em; font-weight: bold; letter-spacing: 0.2em; margin: 0.5em 0">${code}</p>
        <p>${valid}</p>
        <p>${ignore}</p>
        <hr />
        <p><small>${automatic}</small></p>`,
    ],
  });
  return { subject, text: `${[enter, code, valid, ignore, '--\n' + automatic].join('\n\n')}\n`, html: page };
}
