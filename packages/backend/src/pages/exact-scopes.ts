import { fill } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import type { Markup } from './page.ts';

/** Exactly what a provider will be asked for, folded away: the plain words come first. Where nobody is asked, that. */
export function exactScopes(provider: string, scopes: readonly string[]): Markup {
  if (scopes.length === 0) return html`<p>${en.noScopes}</p>`;
  return html`<details>
    <summary>${fill(en.exactScopes, { provider })}</summary>
    <ul>
      ${scopes.map((scope) => html`<li><code>${breakable(scope)}</code></li>`)}
    </ul>
  </details>`;
}

/** A scope that is an address may break where its own name begins, and any other after its colons. */
function breakable(scope: string): Markup {
  const [first = '', ...rest] = scope.includes('/') ? scope.split(/(?<=\/)(?=[^/]*$)/) : scope.split(/(?<=:)/);
  return html`${first}${rest.map((part) => html`<wbr />${part}`)}`;
}
