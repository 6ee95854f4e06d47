import { createSession, readSession, redeemReceipt } from '@calendar-connect/partner';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { allSeen, goThroughGoogle, openBrowser, openProfile, seen, startConnecting, visit } from './people.ts';
import { AMIRA, createWorld, type World } from './world.ts';

let world: World;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld({ crossOriginOpenerPolicy: true }), openBrowser()]);
});

beforeEach(async () => {
  context = await openProfile(browser);
});

afterEach(() => context.close());

afterAll(async () => {
  await browser.close();
  await world.close();
});

/** What the partner's server does for a page of somebody it knows. */
async function pageFor(endUser: { id: string; name?: string }): Promise<{ page: Page; id: string; url: string }> {
  const { id, session } = await createSession({ ...world.credentials, endUser });
  const url = world.partner.show({ body: world.partner.element(`session="${session}"`) });
  return { page: await visit(context, url), id, url };
}

it('asks the person by name before it goes on to Google, and connects the account of that person', async () => {
  const { page, id } = await pageFor({ id: 'user-42', name: 'Amira Haddad' });
  const popup = await startConnecting(page, 'Free/busy only');
  await popup.getByRole('heading', { name: 'Connect a Google calendar to Acme Scheduler' }).waitFor();
  await popup.getByText('This connects a calendar for Amira Haddad.').waitFor();
  await popup.getByRole('button', { name: 'Continue' }).click();
  await goThroughGoogle(popup);
  const connected = await seen(page, 'calendar-connected');
  const session = await readSession({ ...world.credentials, id });
  expect(session).toMatchObject({
    state: 'connected',
    accountId: connected['accountId'],
    endUser: { id: 'user-42', name: 'Amira Haddad' },
  });
  const tokens = await redeemReceipt({ ...world.credentials, receipt: String(connected['receipt']) });
  expect(tokens).toMatchObject({ accountId: session.accountId, profile: { id: session.profileId, name: AMIRA } });
});

it('connects nothing for somebody who says that this is not them', async () => {
  const { page, id } = await pageFor({ id: 'user-43', name: 'Jonas Weber' });
  const popup = await startConnecting(page, 'Full access');
  await popup.getByRole('button', { name: 'This is not me' }).click();
  await seen(page, 'calendar-connect-cancelled');
  expect(await readSession({ ...world.credentials, id })).toMatchObject({ state: 'declined', accountId: undefined });
});

it('gives the same account to the same person, whatever login they connect', async () => {
  const accounts = [];
  for (const account of ['amira@partner.example', 'jonas@gmail.example']) {
    const { page } = await pageFor({ id: 'user-44', name: 'Somebody with two calendars' });
    const popup = await startConnecting(page, 'Free/busy only');
    await popup.getByRole('button', { name: 'Continue' }).click();
    await goThroughGoogle(popup, { account });
    accounts.push((await seen(page, 'calendar-connected'))['accountId']);
  }
  expect(accounts[0]).toBe(accounts[1]);
});

it('lets one page alone take the session that was minted for it', async () => {
  const { page, url } = await pageFor({ id: 'user-45' });
  await page.getByRole('button', { name: 'Connect your calendar' }).click();
  await page.getByText('For user-45').waitFor();
  const elsewhere = await openProfile(browser);
  const other = await visit(elsewhere, url);
  await other.getByRole('button', { name: 'Connect your calendar' }).click();
  expect(await seen(other, 'calendar-connect-error')).toMatchObject({ code: 'session_already_claimed' });
  expect(await allSeen(page, 'calendar-connect-error')).toEqual([]);
  await elsewhere.close();
});
