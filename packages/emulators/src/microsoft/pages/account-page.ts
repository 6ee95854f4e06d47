import { html } from 'hono/html';
import type { MicrosoftUser } from '../directory/people.ts';
import { page, type Page } from './page.ts';

/** What the account page shows. */
export interface AccountView {
  readonly appName: string;
  readonly accounts: readonly MicrosoftUser[];
  readonly signedIn: readonly MicrosoftUser[];
  /** The account of `login_hint`: listed first and focused. */
  readonly hinted: MicrosoftUser | undefined;
  readonly action: string;
}

/** The page that asks which account to use. One button per account, whose name contains the address. No password is asked. */
export function accountPage({ appName, accounts, signedIn, hinted, action }: AccountView): Page {
  const sorted = accounts.toSorted((a, b) => Number(b === hinted) - Number(a === hinted));
  return page(
    'Pick an account',
    html`<h1>Pick an account</h1>
      <p class="soft">to continue to ${appName}</p>
      <form method="post" action="${action}">
        <ul class="rows">
          ${sorted.map((account) => html`<li>${accountButton(account, { isHinted: account === hinted, isSignedIn: signedIn.includes(account) })}</li>`)}
        </ul>
        ${accounts.length === 0 ? html`<p>No account fits what the app asked for.</p>` : ''}
        <div class="actions"><button name="decision" value="back">Back</button></div>
      </form>`,
  );
}

function accountButton(account: MicrosoftUser, { isHinted, isSignedIn }: { isHinted: boolean; isSignedIn: boolean }): Page {
  const kind = account.isPersonal ? 'Personal account' : account.isAdmin ? 'Work account, administrator' : 'Work account';
  return html`<button class="row account" name="account" value="${account.email}" ${isHinted ? 'autofocus' : ''}>
    <span class="initial" aria-hidden="true">${account.name.slice(0, 1)}</span>
    <span>
      <span>${account.name}</span> <span class="soft">${account.email}</span>
      <span class="soft">${kind}${isSignedIn ? ', signed in' : ''}</span>
    </span>
  </button>`;
}
