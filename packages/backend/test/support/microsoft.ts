import type { Browser, Screen } from './browser.ts';
import { onwardLink, textOf } from './html.ts';

/** In `partner.example`, where only administrators may consent: a person, and an administrator. */
export const AMIRA_AT_WORK = 'amira@partner.example';
export const NOOR_ADMINISTRATOR = 'noor@partner.example';
/** In `partner.example`, with a mailbox on the company's own Exchange. */
export const OTTO_ON_PREMISES = 'otto@partner.example';
/** In `council.example`, which takes requests: a person, and an administrator. */
export const MIKA = 'mika@council.example';
export const PETRA_ADMINISTRATOR = 'petra@council.example';
/** In `studio.example`, where people may consent themselves. */
export const LEA = 'lea@studio.example';
/** With a personal account. */
export const JONAS_AT_OUTLOOK = 'jonas@outlook.example';

/** How a person goes through Microsoft's pages. */
export interface AtMicrosoft {
  readonly account: string;
  readonly decision?: 'Accept' | 'Cancel';
}

/** What they press on each of Microsoft's pages, by its title. */
const PRESS: Readonly<Record<string, (person: Required<AtMicrosoft>) => string>> = {
  'Pick an account': ({ account }) => account,
  'Permissions requested': ({ decision }) => decision,
  'Need admin approval': () => 'Return to the application',
  'Approval required': () => 'Return to the application',
};
const MOST_PAGES = 8;

/** Goes from one of our pages to Microsoft, through its pages, and back to where Microsoft sends the person; who is turned away goes back to us. */
export async function goThroughMicrosoft(browser: Browser, page: Screen, { account, decision = 'Accept' }: AtMicrosoft): Promise<Screen> {
  const onward = onwardLink(page.text);
  let at = onward === undefined ? page : await browser.visit(onward);
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const press = Object.entries(PRESS).find(([title]) => at.text.includes(`<h1>${title}</h1>`))?.[1]({ account, decision });
    if (press === undefined) return at;
    at = await browser.submit(at, { press });
  }
  throw new Error(`no end of pages: ${textOf(at.text)}`);
}
