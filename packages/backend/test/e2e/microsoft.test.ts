import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AMIRA_AT_WORK, JONAS_AT_OUTLOOK, LEA, MIKA, NOOR_ADMINISTRATOR, PETRA_ADMINISTRATOR } from '../support/microsoft.ts';
import { allSeen, type ModeLabel, openBrowser, openProfile, seen, visit, windowFrom } from './people.ts';
import { administrate, linkForAdministrator, press, signIn, startAtMicrosoft, stillWaits, waitForAdministrator } from './at-microsoft.ts';
import { createWorld, MICROSOFT_CLIENT, type World } from './world.ts';

/* The sign-in pages send `Cross-Origin-Opener-Policy: same-origin` all the while, as Microsoft's do. */
let world: World;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  browser = await openBrowser();
});
beforeEach(async () => {
  world = await createWorld({}, { withMicrosoft: true });
  context = await openProfile(browser);
});
afterEach(async () => {
  await context.close();
  await world.close();
});
afterAll(() => browser.close());

const openPage = (): Promise<Page> => visit(context, world.partner.show());

/** An administrator decides in another browser, which is closed again. */
async function decide(link: string, account: string, decision: 'Accept' | 'Cancel'): Promise<void> {
  const page = await administrate(browser, link, { account, decision });
  await page.context().close();
}

describe('a person with a Microsoft account', () => {
  it.each<[string, ModeLabel, string, string]>([
    ['work', 'Full access', LEA, 'full'],
    ['work', 'Free/busy only', LEA, 'free_busy'],
    ['personal', 'Full access', JONAS_AT_OUTLOOK, 'full'],
    ['personal', 'Free/busy only', JONAS_AT_OUTLOOK, 'free_busy'],
  ])('at %s connects with %s', async (_kind, mode, account, accessMode) => {
    const page = await openPage();
    await signIn(await startAtMicrosoft(page, mode), account);
    expect(await seen(page, 'calendar-connected')).toMatchObject({ provider: 'microsoft', accessMode, name: account });
  });

  it('declines at Microsoft, and nothing is connected', async () => {
    const page = await openPage();
    const popup = await startAtMicrosoft(page);
    await press(popup, LEA);
    await press(popup, 'Cancel');
    await seen(page, 'calendar-connect-cancelled');
    expect(await allSeen(page, 'calendar-connected')).toEqual([]);
  });
});

describe('a person whose organisation lets only administrators consent', () => {
  it('is connected while their window waits, as soon as the administrator has approved in another browser', async () => {
    const page = await openPage();
    const popup = await startAtMicrosoft(page);
    await waitForAdministrator(popup, AMIRA_AT_WORK);
    await page.getByText('partner.example').first().waitFor();
    await decide(await linkForAdministrator(popup), NOOR_ADMINISTRATOR, 'Accept');
    expect(await seen(page, 'calendar-connected')).toMatchObject({ provider: 'microsoft', accessMode: 'full', name: AMIRA_AT_WORK });
    await expect.poll(() => popup.isClosed()).toBe(true);
  });

  it('is connected by one click where the window was closed', async () => {
    const page = await openPage();
    const popup = await startAtMicrosoft(page);
    await waitForAdministrator(popup, AMIRA_AT_WORK);
    const link = await linkForAdministrator(popup);
    await popup.close();
    await decide(link, NOOR_ADMINISTRATOR, 'Accept');
    const again = await windowFrom(page, () => press(page, 'Finish connecting'));
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA_AT_WORK });
    await expect.poll(() => again.isClosed()).toBe(true);
  });

  it('finds everything again after the browser was closed', async () => {
    const page = await openPage();
    const popup = await startAtMicrosoft(page);
    await waitForAdministrator(popup, AMIRA_AT_WORK);
    const link = await linkForAdministrator(popup);
    const kept = await context.storageState();
    await context.close();
    await decide(link, NOOR_ADMINISTRATOR, 'Accept');
    context = await openProfile(browser, { storageState: kept });
    const later = await visit(context, page.url());
    // The sign-in of the closed browser is gone with its session cookies; Microsoft may ask once more who it is.
    const again = await windowFrom(later, () => press(later, 'Finish connecting'));
    await again
      .getByRole('button', { name: AMIRA_AT_WORK })
      .click({ timeout: 3000 })
      .catch(() => undefined);
    expect(await seen(later, 'calendar-connected')).toMatchObject({ name: AMIRA_AT_WORK });
  });

  it('learns that the administrator said no, and goes on when another says yes', async () => {
    const page = await openPage();
    const popup = await startAtMicrosoft(page);
    await waitForAdministrator(popup, AMIRA_AT_WORK);
    const link = await linkForAdministrator(popup);
    await decide(link, NOOR_ADMINISTRATOR, 'Cancel');
    await popup.getByText('looked at this and did not allow it').waitFor();
    await decide(link, NOOR_ADMINISTRATOR, 'Accept');
    await seen(page, 'calendar-connected');
  });

  it('is connected though the answer of the approval page names a forged tenant, by what the administrator proves', async () => {
    world.microsoft.set({ forgedTenant: 'ffffffff-0000-4000-8000-000000000000' });
    const page = await openPage();
    const popup = await startAtMicrosoft(page);
    await waitForAdministrator(popup, AMIRA_AT_WORK);
    await decide(await linkForAdministrator(popup), NOOR_ADMINISTRATOR, 'Accept');
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: AMIRA_AT_WORK });
  });

  it('stays waiting where somebody only claims that it was approved', async () => {
    const page = await openPage();
    const popup = await startAtMicrosoft(page);
    await waitForAdministrator(popup, AMIRA_AT_WORK);
    const state = new URL(await linkForAdministrator(popup)).pathname.split('/').at(-1) ?? '';
    const theirs = await openProfile(browser);
    const tenant = world.microsoft.tenants.find(({ domain }) => domain === 'partner.example');
    const forged = await visit(
      theirs,
      `${world.backend.origin}/connect/callback/microsoft?admin_consent=True&tenant=${tenant?.id}&state=${state}`,
    );
    await forged.getByRole('heading', { name: 'Allow Acme Scheduler at partner.example?' }).waitFor();
    await stillWaits(popup);
    expect(await allSeen(page, 'calendar-connected')).toEqual([]);
    await theirs.close();
  });

  it('says on the page that they were told so, where Microsoft’s page is the end', async () => {
    const page = await openPage();
    const popup = await startAtMicrosoft(page);
    await press(popup, MIKA);
    await popup.getByRole('button', { name: 'Request approval' }).click();
    // Chromium loses a close now and then that comes while a window is on its way.
    await popup.getByRole('heading', { name: 'Request sent' }).waitFor();
    await popup.close();
    await press(page, /told I need approval/);
    // Which organisation it is, the window asks.
    await page.getByText('it asks which organisation it is').first().waitFor();
    const again = await windowFrom(page, () => press(page, 'Open the window again'));
    await again.getByLabel('Your work e-mail address').fill(MIKA);
    await press(again, 'Continue');
    await page.getByText('council.example').first().waitFor();
    await stillWaits(again);
    await again.close();
    // Approved inside Entra: nobody tells us. One click tries it.
    world.microsoft.approve({ tenant: 'council.example', clientId: MICROSOFT_CLIENT.clientId });
    await windowFrom(page, () => press(page, 'Open the window again'));
    expect(await seen(page, 'calendar-connected')).toMatchObject({ name: MIKA });
  });

  it('of an organisation with requests goes on when its administrator approves by the link', async () => {
    const page = await openPage();
    const popup = await startAtMicrosoft(page, 'Free/busy only');
    await waitForAdministrator(popup, MIKA);
    await decide(await linkForAdministrator(popup), PETRA_ADMINISTRATOR, 'Accept');
    expect(await seen(page, 'calendar-connected')).toMatchObject({ accessMode: 'free_busy', name: MIKA });
  });
});
