import { html } from 'hono/html';
import type { Account } from '../serving/accounts.ts';
import { vendorPage, type Page, type PageVendor } from './vendor-page.ts';

/** What the account page shows. */
export interface AccountView {
  readonly appName: string;
  readonly accounts: readonly Account[];
  readonly action: string;
}

/** The page that asks which account to use. One button per account, whose name contains the address. No password is asked. */
export function accountPage(vendor: PageVendor, { appName, accounts, action }: AccountView): Page {
  return vendorPage(
    vendor,
    'Sign in',
    html`<h1>Sign in to ${vendor.vendorName}</h1>
      <p class="soft">to continue to ${appName}</p>
      <form method="post" action="${action}">
        <ul class="rows">
          ${accounts.map(
            ({ email, name }) =>
              html`<li>
                <button class="row account" name="account" value="${email}">
                  <span class="initial" aria-hidden="true">${name.slice(0, 1)}</span>
                  <span><span>${name}</span> <span class="soft">${email}</span></span>
                </button>
              </li>`,
          )}
        </ul>
      </form>`,
  );
}

/** What the consent page shows. */
export interface ConsentView {
  readonly appName: string;
  readonly email: string;
  readonly scopes: readonly { readonly scope: string; readonly text: string }[];
  readonly buttons: { readonly allow: string; readonly decline: string };
  readonly action: string;
}

/** The page that asks for consent, all or nothing. */
export function consentPage(vendor: PageVendor, { appName, email, scopes, buttons, action }: ConsentView): Page {
  return vendorPage(
    vendor,
    'Consent',
    html`<h1>${appName} wants access to your ${vendor.vendorName} account</h1>
      <p class="chip">${email}</p>
      <h2>${appName} will be able to</h2>
      <form method="post" action="${action}">
        <input type="hidden" name="account" value="${email}" />
        <ul class="rows">
          ${scopes.map(
            ({ scope, text }) =>
              html`<li class="row">
                <span><span>${text}.</span> <code>${scope}</code></span>
              </li>`,
          )}
        </ul>
        <div class="actions">
          <button name="decision" value="decline">${buttons.decline}</button>
          <button class="primary" name="decision" value="allow">${buttons.allow}</button>
        </div>
      </form>`,
  );
}

/** The service's own page for errors that must not reach the app's callback. */
export function errorPage(vendor: PageVendor, { error, detail }: { readonly error: string; readonly detail: string }): Page {
  return vendorPage(
    vendor,
    'Access blocked',
    html`<h1>You cannot authorize the app</h1>
      <p>${detail}</p>
      <p class="error">Error: ${error}</p>
      <p class="soft">The app is not told of this error. You can close this window.</p>`,
  );
}

/** What the service answers for an address that it does not have. */
export function notFoundPage(vendor: PageVendor, path: string): Page {
  return vendorPage(
    vendor,
    '404',
    html`<h1>Not found</h1>
      <p>There is no page at <code>${path}</code>.</p>`,
  );
}
