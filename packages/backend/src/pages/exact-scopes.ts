import { fill } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import type { Markup } from './page.ts';

/** Exactly what a provider will be asked for, folded away: the plain words come first. */
export function exactScopes(provider: string, scopes: readonly string[]): Markup {
  return html`<details>
    <summary>${fill(en.exactScopes, { provider })}</summary>
    <ul>
      ${scopes.map((scope) => html`<li><code>${breakable(scope)}</code></li>`)}
    </ul>
  </details>`;
}

/** A scope that is an address may break where its own name begins. */
function breakable(scope: string): Markup {
  const name = scope.lastIndexOf('/') + 1;
  return html`${scope.slice(0, name)}<wbr />${scope.slice(name)}`;
}
