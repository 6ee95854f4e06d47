import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allSeen, goThroughGoogle, openBrowser, openProfile, seen, startConnecting, visit, windowFrom } from './people.ts';
import { type Exchange, openSite, type Site } from './sites.ts';
import { AMIRA, createWorld, JONAS, type World } from './world.ts';

/*
 * Jonas starts a session at the partner's and wants Amira to finish it in her browser, so that her calendar lands in his account.
 * Whatever he sends her, nothing of hers is connected.
 */
let world: World;
let browser: Browser;
let attacker: Site;
let jonas: BrowserContext;
let amira: BrowserContext;

beforeAll(async () => {
  const unused: Exchange[] = [];
  [world, browser, attacker] = await Promise.all([createWorld(), openBrowser(), openSite('attacker', unused)]);
});

beforeEach(async () => {
  [jonas, amira] = await Promise.all([openProfile(browser), openProfile(browser)]);
});

afterEach(async () => {
  await Promise.all([jonas.close(), amira.close()]);
  world.google.revokeAllFor(AMIRA);
  world.google.revokeAllFor(JONAS);
});

afterAll(async () => {
  await browser.close();
  await Promise.all([world.close(), attacker.close()]);
});

/** Opens the dialog on Jonas's page; his tab then holds a session that nobody has started. */
async function sessionOfJonas(): Promise<{ page: Page; id: string; secret: string }> {
  const page = await visit(jonas, world.partner.show());
  await page.getByRole('button', { name: 'Connect your calendar' }).click();
  const kept = await page.waitForFunction(() => Object.values(sessionStorage)[0]);
  // What the element keeps in the tab.
  const { minted } = JSON.parse(String(await kept.jsonValue())) as { minted: { id: string; secret: string } };
  return { page, id: minted.id, secret: minted.secret };
}

/** A page of the attacker's with the element's own form, which a click sends to a window of its own. */
function showForm(session: { id: string; secret: string }, headers: Readonly<Record<string, string>> = {}): string {
  attacker.answerWith(
    () =>
      new Response(
        `<!doctype html><title>You have won</title>
        <form method="post" target="prize" rel="opener" action="${world.backend.origin}/connect/start/${session.id}">
          <input type="hidden" name="secret" value="${session.secret}">
          <input type="hidden" name="provider" value="google">
          <input type="hidden" name="access_mode" value="full">
          <button>Take your prize</button>
        </form>
        <script>
          addEventListener('message', ({ data, source }) => { document.title = 'asked'; source.postMessage({ ...data, type: 'calendar-connect:proof' }, '*'); });
        </script>`,
        { headers: { 'content-type': 'text/html', ...headers } },
      ),
  );
  return attacker.origin;
}

/** Sends Google's consent form as Jonas's browser would, and answers with where Google sends him to: nobody goes there yet. */
async function allowWithoutFollowing(popup: Page): Promise<string> {
  const form = await popup.locator('form').evaluate((form: HTMLFormElement) => ({
    action: form.action,
    fields: [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  }));
  const { pathname, search } = new URL(form.action);
  const cookies = await jonas.cookies(form.action);
  const answer = await fetch(`${world.googleSite.serverUrl}${pathname}${search}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') },
    body: new URLSearchParams([...form.fields, ['decision', 'allow']]),
  });
  return answer.headers.get('location') ?? '';
}

const visitsToGoogle = () => world.google.requests.filter(({ path }) => path === '/o/oauth2/v2/auth').length;

describe('somebody who is sent', () => {
  it('the form of another person’s session gets no further than our own page', async () => {
    const session = await sessionOfJonas();
    const page = await visit(amira, showForm(session));
    const before = visitsToGoogle();
    const popup = await windowFrom(page, () => page.getByRole('button').click());
    await popup.getByRole('heading', { name: 'This window was opened by another page' }).waitFor();
    expect(visitsToGoogle()).toBe(before);
    expect(await allSeen(session.page, 'calendar-connected')).toEqual([]);
  });

  it('that form from a page that hides its origin is not asked for proof, and can give none', async () => {
    const session = await sessionOfJonas();
    const page = await visit(amira, showForm(session, { 'referrer-policy': 'no-referrer' }));
    const before = visitsToGoogle();
    const popup = await windowFrom(page, () => page.getByRole('button').click());
    await popup.getByText('Checking that Acme Scheduler opened this window.').waitFor();
    await popup.waitForTimeout(700);
    expect(await page.title()).toBe('You have won');
    expect(popup.url()).toBe(`${world.backend.origin}/connect/start/${session.id}`);
    expect(visitsToGoogle()).toBe(before);
  });

  it('the address at Google of another person’s session consents for nothing, and burns nothing', async () => {
    const page = await visit(jonas, world.partner.show());
    const popup = await startConnecting(page, 'Full access');
    await popup.getByRole('button', { name: JONAS }).waitFor();
    const hers = await visit(amira, popup.url());
    await goThroughGoogle(hers, { account: AMIRA });
    await hers.getByRole('heading', { name: 'This link belongs to another browser' }).waitFor();
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(0);
    expect(await allSeen(page, 'calendar-connected')).toEqual([]);
    await goThroughGoogle(popup, { account: JONAS });
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: JONAS });
  });

  it('the callback of another person’s consent gets neither the calendar nor the session', async () => {
    const page = await visit(jonas, world.partner.show());
    const popup = await startConnecting(page, 'Full access');
    await popup.getByRole('button', { name: JONAS }).click();
    await popup.getByRole('button', { name: 'Allow' }).waitFor();
    const location = await allowWithoutFollowing(popup);
    expect(location).toMatch(`${world.backend.origin}/connect/callback/google?`);
    const hers = await visit(amira, location);
    await hers.getByRole('heading', { name: 'This link belongs to another browser' }).waitFor();
    // Whoever sent her here could go on with what is in the address, if she passed it on.
    expect(hers.url()).toBe(`${world.backend.origin}/connect/callback/google`);
    expect(await allSeen(page, 'calendar-connected')).toEqual([]);
    await popup.goto(location);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: JONAS });
  });

  it('the address of a window gets a page that says so', async () => {
    const { id } = await sessionOfJonas();
    const hers = await visit(amira, `${world.backend.origin}/connect/start/${id}`);
    await hers.getByRole('heading', { name: 'This link does not connect a calendar' }).waitFor();
  });
});
