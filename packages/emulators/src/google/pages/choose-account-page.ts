import { html } from 'hono/html';
import type { GoogleUser } from '../world/world.ts';
import { page, type Page } from './page.ts';

/** What the account page shows. */
export interface ChooseAccountView {
  readonly appName: string;
  readonly accounts: readonly GoogleUser[];
  /** The account of `login_hint`: listed first and focused. */
  readonly hinted: GoogleUser | undefined;
  /** The query of the authorization request, with its question mark. */
  readonly query: string;
}

/** The page that asks which account to use. One button per account, whose name contains the address. */
export function chooseAccountPage({ appName, accounts, hinted, query }: ChooseAccountView): Page {
  const sorted = accounts.toSorted((a, b) => Number(b === hinted) - Number(a === hinted));
  return page(
    'Choose an account',
    html`<h1>Choose an account</h1>
      <p class="soft">to continue to ${appName}</p>
      <form method="post" action="/o/oauth2/v2/auth/account${query}">
        <ul class="rows">
          ${sorted.map((account) => html`<li>${accountButton(account, account === hinted)}</li>`)}
        </ul>
      </form>
      ${accounts.length === 0 ? html`<p>No account fits what the app asked for.</p>` : ''}`,
  );
}

function accountButton(account: GoogleUser, isHinted: boolean): Page {
  return html`<button class="row account" name="account" value="${account.email}" ${isHinted ? 'autofocus' : ''}>
    <span class="initial" aria-hidden="true">${account.name.slice(0, 1)}</span>
    <span><span>${account.name}</span> <span class="soft">${account.email}</span></span>
  </button>`;
}
