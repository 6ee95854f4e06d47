import { html, raw } from 'hono/html';
import { page, type Page } from './page.ts';

/** The page of `response_mode=form_post`: it sends itself on, and has a button for browsers without scripts. */
export function formPostPage(redirectUri: string, parameters: Readonly<Record<string, string>>): Page {
  return page(
    'Working...',
    html`<h1>Working...</h1>
      <form method="post" action="${redirectUri}">
        ${Object.entries(parameters).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        <p>Script is disabled. Press Continue to go on.</p>
        <div class="actions"><button class="primary" name="continue" value="1">Continue</button></div>
      </form>
      ${raw('<script>document.forms[0].submit();</script>')}`,
  );
}
