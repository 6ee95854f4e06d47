import { html } from 'hono/html';
import type { Page } from './page.ts';

/**
 * Goes on to another origin. A form's answer must not be a redirect there: under a `form-action` policy Chromium checks the redirect
 * too and leaves the window blank. The link is for browsers without JavaScript, and for those that hold a navigation back.
 */
export function onwardPage(onward: { readonly to: string; readonly name: string }): Page {
  return {
    title: `Going on to ${onward.name}`,
    body: html`<h1>Going on to ${onward.name} …</h1>
      <p class="muted">If nothing happens, go on by yourself.</p>
      <p class="actions"><a class="button" id="onward" href="${onward.to}">Go on to ${onward.name}</a></p>`,
    script: "location.replace(document.getElementById('onward').href)",
  };
}
