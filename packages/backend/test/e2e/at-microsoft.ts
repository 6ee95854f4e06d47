import type { Browser, Page } from 'playwright-core';
import { type ModeLabel, openProfile, startConnecting, visit } from './people.ts';

export const press = (page: Page, name: string | RegExp): Promise<void> => page.getByRole('button', { name }).click();

/** Chooses in the element, and answers with the window at Microsoft. */
export function startAtMicrosoft(page: Page, mode: ModeLabel = 'Full access'): Promise<Page> {
  return startConnecting(page, mode, 'Microsoft 365 or Outlook.com');
}

/** Chooses an account at Microsoft, and agrees. */
export async function signIn(popup: Page, account: string): Promise<void> {
  await press(popup, account);
  await press(popup, 'Accept');
}

/** Is turned away, goes back, and says which organisation it is. */
export async function waitForAdministrator(popup: Page, account: string): Promise<void> {
  await press(popup, account);
  await press(popup, 'Return to the application');
  await popup.getByLabel('Your work e-mail address').fill(account);
  await press(popup, 'Continue');
  await stillWaits(popup);
}

export function stillWaits(popup: Page): Promise<void> {
  return popup.getByRole('heading', { name: /An administrator of .* has to allow this/ }).waitFor();
}

/** What the person who waits passes on. */
export function linkForAdministrator(popup: Page): Promise<string> {
  return popup.getByLabel('Link for the administrator').inputValue();
}

/** An administrator in a browser of their own, from the link to their last page. */
export async function administrate(
  browser: Browser,
  link: string,
  doing: { account: string; decision: 'Accept' | 'Cancel' },
): Promise<Page> {
  const page = await visit(await openProfile(browser), link);
  await press(page, /^Go on to Microsoft/);
  await press(page, doing.account);
  await press(page, doing.decision);
  await page.waitForURL(/\/connect\//);
  return page;
}
