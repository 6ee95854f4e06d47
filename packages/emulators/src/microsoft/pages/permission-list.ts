import { html } from 'hono/html';
import type { Page } from './page.ts';

/** A permission as people read it. */
export interface ShownPermission {
  readonly scope: string;
  readonly text: string;
}

/** The list of what an app asks for. */
export function permissionList(permissions: readonly ShownPermission[]): Page {
  return html`<ul class="rows">
    ${permissions.map(
      ({ scope, text }) =>
        html`<li class="row">
          <span><span>${text}</span> ${scopeName(scope)}</span>
        </li>`,
    )}
  </ul>`;
}

/** A scope's own name, which may break where it stops being the same for all. */
function scopeName(scope: string): Page {
  const end = scope.lastIndexOf('/') + 1;
  return html`<code>${scope.slice(0, end)}<wbr />${scope.slice(end)}</code>`;
}
