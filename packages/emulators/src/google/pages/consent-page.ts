import { html } from 'hono/html';
import { scopeText } from '../oauth/scopes.ts';
import { page, type Page } from './page.ts';

/** What the consent page shows. */
export interface ConsentView {
  readonly appName: string;
  readonly email: string;
  readonly signInScopes: readonly string[];
  /** Everything asked besides signing in. */
  readonly accessScopes: readonly string[];
  /** Whether each of them can be taken out. */
  readonly withBoxes: boolean;
  /** The query of the authorization request, with its question mark. */
  readonly query: string;
}

/**
 * The page that asks for consent. Check boxes are ticked at first; Google shows some of them unticked, with "Select all".
 */
export function consentPage(view: ConsentView): Page {
  const { appName, email, signInScopes, accessScopes, query } = view;
  return page(
    'Consent',
    html`<h1>${appName} wants access to your Google Account</h1>
      <p class="chip">${email}</p>
      <form method="post" action="/o/oauth2/v2/auth/consent${query}">
        <input type="hidden" name="account" value="${email}" />
        ${
          signInScopes.length === 0
            ? ''
            : html`<h2>${appName} learns who you are</h2>
                ${textList(signInScopes)}`
        }
        ${accessScopes.length === 0 ? '' : accessPart(view)}
        <div class="actions">
          <button name="decision" value="cancel">Cancel</button>
          <button class="primary" name="decision" value="allow">Allow</button>
        </div>
      </form>`,
  );
}

function accessPart({ appName, accessScopes, withBoxes }: ConsentView): Page {
  if (!withBoxes)
    return html`<h2>${appName} will be able to</h2>
      ${textList(accessScopes)}`;
  return html`<fieldset class="rows">
    <legend>Select what ${appName} can access</legend>
    ${accessScopes.map(scopeBox)}
  </fieldset>`;
}

function scopeBox(scope: string): Page {
  return html`<label class="row">
    <input type="checkbox" name="scope" value="${scope}" checked />
    <span><span>${scopeText(scope)}.</span> ${scopeName(scope)}</span>
  </label>`;
}

function textList(scopes: readonly string[]): Page {
  return html`<ul class="rows">
    ${scopes.map(
      (scope) =>
        html`<li class="row">
          <span><span>${scopeText(scope)}.</span> ${scopeName(scope)}</span>
        </li>`,
    )}
  </ul>`;
}

/** A scope's own name, which may break where it stops being the same for all. */
function scopeName(scope: string): Page {
  const end = scope.lastIndexOf('/') + 1;
  return html`<code>${scope.slice(0, end)}<wbr />${scope.slice(end)}</code>`;
}
