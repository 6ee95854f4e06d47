import { describe, expect, it } from 'vitest';
import { MAIL_LANGUAGES } from './mail-language.ts';
import { verificationMail } from './verification-mail.ts';

const MAIL = { application: 'Acme Scheduler', code: '048213', locale: 'en' };

describe('the mail with a code', () => {
  it('says whom the code is for, how long it is valid, and that others can do nothing with the address', async () => {
    expect(await verificationMail(MAIL)).toMatchObject({
      subject: 'Your code for Acme Scheduler',
      text: [
        'With this code you show Acme Scheduler that this address is yours:',
        '048213',
        'The code is valid for ten minutes. Type it only where you asked for it, and tell it to nobody.',
        'If you did not ask for this, ignore this mail: nobody can do anything with your address alone.',
        '--\nThis mail was sent automatically. Nobody reads an answer to it.\n',
      ].join('\n\n'),
    });
  });

  it.each(MAIL_LANGUAGES)(
    'in %s holds the code once as it is typed, none in the subject, and nothing to follow or to load',
    async (locale) => {
      const { subject, text, html } = await verificationMail({ ...MAIL, locale });
      expect(text.match(/^048213$/gm)).toHaveLength(1);
      expect(html.match(/>048213</g)).toHaveLength(1);
      expect(subject).not.toContain('048213');
      expect(subject).toContain('Acme Scheduler');
      expect(`${text}${html}`).not.toMatch(/https?:|href|<(img|link|script|iframe)|src=|url\(|[{}]|undefined/);
      expect(html).toContain(`<html lang="${locale}"`);
    },
  );

  it('says the same as HTML', async () => {
    const { text, html } = await verificationMail(MAIL);
    const page = html
      .replace(/<\/?bdi>/g, '')
      .replace(/<title>.*?<\/title>|<[^>]*>/gs, ' ')
      .replace(/\s+/g, ' ');
    for (const sentence of text.split(/\n+(?:--\n)?/)) expect(page).toContain(sentence);
  });

  it('is written in every language for itself', async () => {
    const mails = await Promise.all(MAIL_LANGUAGES.map((locale) => verificationMail({ ...MAIL, locale })));
    const sentences = mails
      .flatMap(({ text }) => text.split(/\n+(?:--\n)?/))
      .filter((sentence) => sentence !== '' && sentence !== MAIL.code);
    expect(sentences).toHaveLength(4 * MAIL_LANGUAGES.length);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('lets no name be markup, a line of its own, or anything that turns the sentence around', async () => {
    const application = 'Acme</p><a href="https://evil.example">\r\nBcc: mallory@evil.example\u202e';
    const { subject, text, html } = await verificationMail({ ...MAIL, application });
    expect(subject).toBe('Your code for Acme</p><a href="https://evil.example"> Bcc: mallory@evil.example');
    expect(text).not.toMatch(/\r|\u202e|\nBcc/);
    expect(html).toContain('<bdi>Acme&lt;/p&gt;&lt;a href=&quot;https://evil.example&quot;&gt; Bcc:');
    expect(html).not.toContain('<a ');
  });
});
