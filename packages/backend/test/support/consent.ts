import type { Browser, Screen } from './browser.ts';
import { onwardLink } from './html.ts';
import { AMIRA } from './world.ts';

/** How a person goes through Google's pages; by default as Amira, who agrees to all. */
export interface AtGoogle {
  readonly account?: string;
  readonly decision?: 'Allow' | 'Cancel';
  /** Clears the boxes of the scopes that end so. */
  readonly untick?: readonly string[];
}

/** Goes from one of our pages to Google, through its pages, and back to where Google sends the person. */
export async function goThroughGoogle(browser: Browser, page: Screen, choices: AtGoogle = {}): Promise<Screen> {
  const { account = AMIRA, decision = 'Allow', untick = [] } = choices;
  const onward = onwardLink(page.text);
  const accounts = onward === undefined ? page : await browser.visit(onward);
  const consent = await browser.submit(accounts, { press: account });
  return consent.text.includes('name="decision"') ? browser.submit(consent, { press: decision, untick }) : consent;
}

/** As far as the callback, which is not visited: where Google sends the browser to. */
export async function callbackFromGoogle(browser: Browser, page: Screen, choices: AtGoogle = {}): Promise<URL> {
  const { origin } = new URL(onwardLink(page.text) ?? page.url);
  const atGoogleOnly = browser.stoppingBefore(page.url.origin);
  const { url } = await goThroughGoogle(atGoogleOnly, page, choices);
  if (url.origin === origin) throw new Error(`Google kept the person at ${url.href}`);
  return url;
}
