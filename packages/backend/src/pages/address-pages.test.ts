import { describe, expect, it } from 'vitest';
import { addressPage, type AddressView } from './address-page.ts';
import { codePage, type CodeView } from './code-page.ts';

const NAME = '<b>Acme</b> & "Sons"';

const address = (changes: Partial<AddressView> = {}) =>
  addressPage({ application: NAME, action: '/here', ticket: 'ticket-1', email: '', ...changes });
const code = (changes: Partial<CodeView> = {}) =>
  codePage({ application: NAME, action: '/here', ticket: 'ticket-1', email: 'a@b.example', triesLeft: 5, state: 'valid', ...changes });
const bodyOf = async (page: ReturnType<typeof addressPage>) => String(await page.body).replaceAll(/\s+/g, ' ');

describe('the page that asks for an address', () => {
  it('holds the name of the application, and what was typed, as text', async () => {
    const body = await bodyOf(address({ email: '"><script>alert(1)</script>', problem: 'email_invalid' }));
    expect(body).toContain('Use &lt;b&gt;Acme&lt;/b&gt; &amp; &quot;Sons&quot; without sharing a calendar');
    expect(body).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  });

  it('says when to ask again in whole minutes, rounded up, with the status for it', async () => {
    for (const [retryAfterSeconds, sentence] of [
      [1, 'Try again in a minute.'],
      [60, 'Try again in a minute.'],
      [61, 'Try again in 2 minutes.'],
      [3600, 'Try again in 60 minutes.'],
    ] as const) {
      const page = address({ problem: 'too_many', retryAfterSeconds });
      expect(page.status).toBe(429);
      expect(await bodyOf(page)).toContain(sentence);
    }
    expect(address({ problem: 'email_invalid' }).status).toBeUndefined();
  });

  it('names its problem at the field alone, and only where there is one', async () => {
    expect(await bodyOf(address())).toMatch(/aria-describedby="email-hint"(?!.*aria-invalid)/);
    expect(await bodyOf(address({ problem: 'email_invalid' }))).toMatch(/aria-describedby="email-problem email-hint" aria-invalid="true"/);
  });
});

describe('the page that asks for a code', () => {
  it('lets keyboards offer digits and the code from the mail, and sends the form without a code by the other buttons', async () => {
    const body = await bodyOf(code());
    expect(body).toMatch(/<input class="digits" [^>]*inputmode="numeric" autocomplete="one-time-code"/);
    const unchecked = [...body.matchAll(/<button[^>]*value="(\w+)" formnovalidate>/g)].map(([, value]) => value);
    expect(new Set(unchecked)).toEqual(new Set(['another', 'cancel', 'resend']));
  });

  it.each(['expired', 'used_up'] as const)('asks for none that is %s, and offers another first', async (state) => {
    const body = await bodyOf(code({ state, triesLeft: 0 }));
    expect(body).not.toContain('name="code"');
    expect(body).toContain('This code no longer counts');
    expect(/<button[^>]*value="(\w+)"/.exec(body)?.[1]).toBe('resend');
    expect(body).toContain('role="alert"');
  });

  it('says how many tries are left', async () => {
    expect(await bodyOf(code())).toContain('You have 5 tries left.');
    expect(await bodyOf(code({ triesLeft: 1, said: 'wrong' }))).toContain('You have one try left.');
  });

  it('says that too many were asked for, beside a code that still counts', async () => {
    const page = code({ said: 'too_many', retryAfterSeconds: 90 });
    expect(page.status).toBe(429);
    expect(await bodyOf(page)).toMatch(/Try again in 2 minutes\..*name="code"/);
  });
});
