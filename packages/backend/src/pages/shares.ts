import { type AccessMode, fill } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import type { Markup } from './page.ts';

/** What an access mode shares and what it does not, in plain words. */
export function shares(application: string, accessMode: AccessMode): Markup {
  const mode = en.accessModes[accessMode];
  const list = (heading: string, sentences: readonly string[]) =>
    html`${fill(heading, { application })}
      <ul>
        ${sentences.map((sentence) => html`<li>${fill(sentence, { application })}</li>`)}
      </ul>`;
  return html`${list(en.sharedHeading, mode.shared)} ${list(en.notSharedHeading, mode.notShared)}`;
}
