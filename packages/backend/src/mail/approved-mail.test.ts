import { describe, expect, it } from 'vitest';
import { approvedMail } from './approved-mail.ts';

const MAIL = { application: 'Acme Scheduler', organisation: 'contoso.example', link: 'https://app.acme.example' };

describe('the mail to somebody who waited', () => {
  it('says what is possible now, where, and why it came', async () => {
    expect(await approvedMail(MAIL)).toMatchObject({
      subject: 'Your calendar can be connected to Acme Scheduler now',
      text: [
        'An administrator of contoso.example has allowed Acme Scheduler to connect to calendars. You can go on with one click:',
        'https://app.acme.example',
        'Your calendar is not connected before you have gone on and said yes yourself.',
        '--\nWhy you get this: somebody began to connect a calendar to Acme Scheduler, gave this address as theirs, and had to wait for an administrator. If that was not you, there is nothing to do: ignore this mail.',
        'This mail was sent automatically, once. Nobody reads an answer to it.\n',
      ].join('\n\n'),
    });
  });

  it('says the same as HTML, with one link and nothing that is loaded', async () => {
    const { text, html } = await approvedMail(MAIL);
    const read = html.replace(/<style.*?<\/style>|<title.*?<\/title>|<[^>]*>/gs, ' ').replace(/\s+/g, ' ');
    for (const sentence of text.split(/\n+(?:--\n)?/)) expect(read).toContain(sentence);
    expect(html.match(/href="[^"]*"/g)).toEqual(['href="https://app.acme.example"']);
    expect(html).not.toMatch(/<(img|link|script|iframe)|src=|url\(/i);
  });

  it('lets no name be markup, a line of its own, or anything that turns the sentence around', async () => {
    const application = 'Acme</p><a href="https://evil.example">"Go & on\'\r\nBcc: mallory@evil.example\u202e\u2028\ud83d';
    const { subject, text, html } = await approvedMail({ ...MAIL, application });
    expect(subject).toBe(
      'Your calendar can be connected to Acme</p><a href="https://evil.example">"Go & on\' Bcc: mallory@evil.example \ufffd now',
    );
    expect(text).not.toMatch(/\r|\u202e|\u2028|\nBcc/);
    expect(html).toContain('Acme&lt;/p&gt;&lt;a href=&quot;https://evil.example&quot;&gt;&quot;Go &amp; on&#39; Bcc:');
    expect(html.match(/<a /g)).toHaveLength(1);
  });
});
