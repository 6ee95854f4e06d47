import type { AccessMode } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import type { Page } from './page.ts';

/** Says why the provider asks a second time. Nothing goes on by itself: two consents in a row without a word look like a mistake. */
export function againPage(again: {
  readonly to: string;
  readonly provider: string;
  readonly application: string;
  readonly accessMode: AccessMode;
}): Page {
  return {
    title: `${again.provider} asks you once more`,
    body: html`<h1>${again.provider} asks you once more</h1>
      <p>
        What you shared with ${again.application} before has just been ended at ${again.provider}. So that nothing of it stays,
        ${again.provider} now asks you once more, for what you share from now on:
        <strong>${en.accessModes[again.accessMode].label}</strong>.
      </p>
      <p class="muted">If you stop here, nothing is shared any longer.</p>
      <p class="actions"><a class="button" id="onward" href="${again.to}">Go on to ${again.provider}</a></p>`,
  };
}
