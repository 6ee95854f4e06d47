import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { approvalFailedPage, approvedPage, approvePage } from './approve-page.ts';
import { answerPage, type Page } from './page.ts';
import { waitingPage } from './waiting-page.ts';
import { APPROVAL_PAGES, APPROVE, QUESTION, WAITING } from '../../test/support/approval-views.ts';
import { formOf, textOf } from '../../test/support/html.ts';

/** What an attacker would like to be called. */
const NAME = `<script>alert(1)</script>"'&<img src=x onerror=alert(2)></textarea></noscript>{organisation}`;

async function answer(page: Page): Promise<{ status: number; policy: string; text: string }> {
  const app = new Hono().get('/', (c) => answerPage(c, page));
  const response = await app.request('/');
  return { status: response.status, policy: response.headers.get('content-security-policy') ?? '', text: await response.text() };
}

/** What a person sees; what is only there for browsers without JavaScript, or hidden, too. */
async function read(page: Page): Promise<string> {
  return textOf((await answer(page)).text);
}

function formsOf(html: string): ReturnType<typeof formOf>[] {
  return [...html.matchAll(/<form[\s\S]*?<\/form>/g)].map(([form]) => formOf(form));
}

function choicesOf(html: string): string[] {
  return formsOf(html).flatMap(({ buttons }) => buttons.filter(({ name }) => name === 'choice').map(({ value }) => value));
}

describe('the waiting page', () => {
  it('asks one question where the organisation is unknown, and shows no link yet', async () => {
    const { text } = await answer(waitingPage(QUESTION));
    expect(textOf(text)).toContain('Your work e-mail address');
    expect(textOf(text)).toContain('I changed my mind');
    expect(choicesOf(text)).toEqual(['email', 'continue', 'cancel']);
    expect(text).not.toContain(QUESTION.approvalUrl);
    expect(text).not.toContain('mailto:');
  });

  it('says of whom what is waited for, and gives the link to copy and to mail', async () => {
    const { text } = await answer(waitingPage(WAITING));
    expect(textOf(text)).toContain('An administrator of contoso.example has to allow this');
    expect(textOf(text)).toContain('You asked to connect your calendar to Acme Scheduler and chose “Full access”.');
    for (const scope of WAITING.scopes) expect(textOf(text)).toContain(scope);
    expect(text).toContain(`value="${WAITING.approvalUrl}"`);
    expect(text).toContain('href="mailto:?subject=Please%20allow%20Acme%20Scheduler');
    expect(text).toContain('<time datetime="2026-03-03T14:05:00.000Z">3 March 2026 at 14:05 UTC</time>');
    expect(choicesOf(text).toSorted()).toEqual(['cancel', 'continue', 'email']);
  });

  it('sends every form to the same place', async () => {
    for (const view of [QUESTION, WAITING]) {
      const forms = formsOf((await answer(waitingPage(view))).text);
      expect(forms).toHaveLength(2);
      for (const { action, method } of forms) expect({ action, method }).toEqual({ action: view.action, method: 'post' });
    }
  });

  it('says whether a mail is sent to the address that it asks for', async () => {
    expect(await read(waitingPage(QUESTION))).toContain('Nothing is sent to it.');
    const mailed = await read(waitingPage({ ...QUESTION, mailed: true }));
    expect(mailed).toContain(`One e-mail is sent to it, when ${QUESTION.application} is allowed and you can go on.`);
    expect(mailed).not.toContain('Nothing is sent');
  });

  it('keeps what the person typed, also where it was no address', async () => {
    const { text } = await answer(waitingPage({ ...QUESTION, email: 'amira', problem: 'email_invalid' }));
    expect(formsOf(text)[0]?.inputs).toContainEqual(expect.objectContaining({ name: 'email', value: 'amira' }));
    expect(text).toMatch(/id="email"[^>]*aria-describedby="email-problem email-hint"[^>]*aria-invalid="true"/);
  });

  it.each([
    ['email_invalid', 'This is not an e-mail address.'],
    ['personal', 'This is a private account'],
    ['organisation_unknown', 'Microsoft knows no organisation with this address.'],
    ['unavailable', 'Microsoft did not answer.'],
    ['not_approved_yet', 'Microsoft still wants an administrator to allow it.'],
  ] as const)('says of %s once, and loud: %s', async (problem, words) => {
    for (const view of [QUESTION, WAITING]) {
      const { text } = await answer(waitingPage({ ...view, problem }));
      expect(textOf(text).split(words)).toHaveLength(2);
      expect(text.match(/role="alert"/g)).toHaveLength(1);
    }
  });

  it('unfolds the question about the organisation where its answer was wrong', async () => {
    expect((await answer(waitingPage({ ...WAITING, problem: 'personal' }))).text).toMatch(/<details open>\s*<summary>This is not my/);
    expect((await answer(waitingPage({ ...WAITING, problem: 'not_approved_yet' }))).text).not.toMatch(/<details open/);
  });

  it('says that an administrator declined, and that another may still allow it', async () => {
    const text = await read(waitingPage({ ...WAITING, declined: true }));
    expect(text).toContain('An administrator of contoso.example looked at this and did not allow it.');
    expect(text).toContain('the same link still works');
  });

  it('only goes on or ends once it is approved', async () => {
    const { text } = await answer(waitingPage({ ...WAITING, state: 'approved' }));
    expect(textOf(text)).toContain('An administrator has allowed it');
    expect(choicesOf(text)).toEqual(['continue', 'cancel']);
    expect(text).not.toContain('mailto:');
  });

  it('does not contradict itself where the provider does not know of the approval yet', async () => {
    const text = await read(waitingPage({ ...WAITING, state: 'approved', problem: 'not_approved_yet' }));
    expect(text).toContain('Microsoft does not know of it everywhere yet.');
    expect(text).not.toContain('still wants an administrator');
  });

  it('leads back to the partner where there is a page to go back to', async () => {
    const { text } = await answer(waitingPage({ ...WAITING, backTo: 'https://acme.example/settings?a=1&b=2' }));
    expect(text).toContain('href="https://acme.example/settings?a=1&amp;b=2"');
    expect(textOf(text)).toContain('Back to Acme Scheduler');
    expect(await read(waitingPage(WAITING))).not.toContain('Back to');
  });

  it('promises to go on by itself only where there is JavaScript', async () => {
    for (const view of [QUESTION, WAITING]) {
      const { text } = await answer(waitingPage(view));
      expect(text).toMatch(/id="progress"[^>]*\shidden/);
      expect(text).toMatch(/<noscript>[\s\S]*Look again[\s\S]*<\/noscript>/);
    }
  });
});

describe('the administrator’s page', () => {
  it('says who asks for what, and what it means', async () => {
    const text = await read(approvePage(APPROVE));
    expect(text).toContain('Allow Acme Scheduler at contoso.example?');
    expect(text).toContain('amira@contoso.example wants to connect their calendar to Acme Scheduler');
    expect(text).toContain('Whoever asked typed this address themselves.');
    expect(text).toContain('see titles, places and guests of your events');
    expect(text).toContain('read your mail or your contacts');
  });

  it('names nobody it does not know', async () => {
    const text = await read(approvePage({ ...APPROVE, organisation: undefined, person: undefined }));
    expect(text).toContain('Allow Acme Scheduler at your organisation?');
    expect(text).toContain('Somebody at your organisation wants to connect their calendar');
    expect(text).not.toContain('typed this address');
  });

  it('has one button, which is a form', async () => {
    const { text } = await answer(approvePage(APPROVE));
    const [form, ...others] = formsOf(text);
    expect(others).toEqual([]);
    expect(form).toMatchObject({ action: APPROVE.action, method: 'post', buttons: [{ text: 'Go on to Microsoft' }] });
  });

  it('gives client id, permissions, address and commands to paste', async () => {
    const { text } = await answer(approvePage(APPROVE));
    expect(text).toContain(`>${APPROVE.clientId}</textarea>`);
    expect(text).toContain('>openid email profile offline_access User.Read Calendars.ReadWrite</textarea>');
    expect(text).toContain(`value="${APPROVE.approvalUrl.replaceAll('&', '&amp;')}"`);
    expect(textOf(text)).toContain('Allow it for a group of people only');
    expect(textOf(text)).toContain(APPROVE.instructions[0]?.commands?.join(' '));
  });

  it('has no empty heading where the provider has nothing to say', async () => {
    expect(await read(approvePage({ ...APPROVE, instructions: [] }))).not.toContain('Limit it');
  });
});

describe('the end for the administrator', () => {
  it('counts the people who go on', async () => {
    const at = { application: 'Acme Scheduler', organisation: 'contoso.example' };
    expect(await read(approvedPage({ ...at, people: 0 }))).toContain('Nobody is waiting at the moment.');
    expect(await read(approvedPage({ ...at, people: 1 }))).toContain('The person who asked can go on');
    expect(await read(approvedPage({ ...at, people: 12 }))).toContain('The 12 people who asked can go on');
  });

  it('names the organisation that is expected, where it is known', async () => {
    const at = { application: 'Acme Scheduler', what: 'other_organisation', again: '/again' } as const;
    expect(await read(approvalFailedPage({ ...at, expected: 'contoso.example' }))).toContain('does not belong to contoso.example.');
    expect(await read(approvalFailedPage(at))).toContain('does not belong to the organisation that asked.');
  });

  it.each([
    ['approved', 200],
    ['approval declined', 200],
    ['approval of another organisation', 403],
    ['approval unproven', 403],
    ['approval unavailable', 503],
    ['approval link gone', 404],
  ])('answers %s with %i', async (name, status) => {
    expect((await answer(pageOf(name))).status).toBe(status);
  });
});

describe('every page of admin approval', () => {
  it('may ask this backend only where it waits, and nobody else at all', async () => {
    for (const name of Object.keys(APPROVAL_PAGES)) {
      const { policy, text } = await answer(pageOf(name));
      const nonce = /script-src 'nonce-([\w-]{43})'/.exec(policy)?.[1] ?? '';
      const connect = name.startsWith('waiting') ? "connect-src 'self'; " : '';
      expect(policy, name).toBe(
        `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; ${connect}form-action 'self'; base-uri 'none'; ` +
          "frame-ancestors 'none'; require-trusted-types-for 'script'",
      );
      expect(text, name).not.toMatch(/<\w[^>]*\s(src|srcset|style|on\w+)=/);
    }
  });

  it('fills every gap of its sentences', async () => {
    for (const name of Object.keys(APPROVAL_PAGES)) expect(await read(pageOf(name)), name).not.toMatch(/[{}]|undefined|\[object/);
  });

  it('shows what others wrote as text, and runs none of it', async () => {
    const waiting = { ...WAITING, application: NAME, provider: NAME, scopes: [NAME], organisation: NAME, email: NAME, approvalUrl: NAME };
    const links = { action: NAME, statusUrl: NAME, backTo: NAME };
    const admin = { ...APPROVE, application: NAME, provider: NAME, clientId: NAME, scopes: [NAME], organisation: NAME, person: NAME };
    const instructions = [{ heading: NAME, text: NAME, commands: [NAME] }];
    const pages = [
      waitingPage({ ...waiting, ...links, problem: 'organisation_unknown' }),
      waitingPage({ ...waiting, ...links, organisation: undefined, problem: 'personal' }),
      waitingPage({ ...waiting, ...links, state: 'approved' }),
      approvePage({ ...admin, action: NAME, approvalUrl: NAME, instructions }),
      approvedPage({ application: NAME, organisation: NAME, people: 1 }),
      approvalFailedPage({ application: NAME, what: 'other_organisation', again: NAME, expected: NAME }),
    ];
    for (const page of pages) {
      const { text } = await answer(page);
      expect(text).not.toMatch(/<script>|<img/);
      expect(text.match(/<script/g)?.length ?? 0).toBeLessThanOrEqual(1);
      expect(text.match(/<\/textarea>/g)?.length).toBe(text.match(/<textarea/g)?.length);
      expect(text.match(/<\/noscript>/g)?.length).toBe(text.match(/<noscript/g)?.length);
      expect(textOf(text)).toContain(NAME);
    }
  });
});

function pageOf(name: string): Page {
  const make = APPROVAL_PAGES[name];
  if (make === undefined) throw new Error(`no page ${name}`);
  return make();
}
