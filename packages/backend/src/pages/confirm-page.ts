import { type ChangedConnection, fill, type OfferedProvider } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import type { Choice } from '../connect/depart.ts';
import type { Markup, Page } from './page.ts';
import { changes, providerLabel, shares } from './shares.ts';

/** What the person confirms. */
export interface Confirmation {
  readonly application: string;
  readonly person: string;
  readonly choice: Choice;
  /** The connection whose access mode the session is to change, and its provider as the session offers it; absent of a session that connects. */
  readonly change?: { readonly connection: ChangedConnection; readonly provider: OfferedProvider } | undefined;
  readonly action: string;
  readonly ticket: string;
}

/** Says for whom a calendar is about to be connected, or to be shared otherwise. Whoever was sent here by somebody else sees a name that is not theirs. */
export function confirmPage(confirmation: Confirmation): Page {
  const { application, person, choice, change } = confirmation;
  const mode = en.accessModes[choice.accessMode];
  const { title, what } = headingOf(confirmation);
  return {
    title,
    body: html`<h1>${title}</h1>
      <p>${what} <strong>${person}</strong>. Go on only if that is you.</p>
      ${change === undefined ? '' : connectedNow(change.connection, change.provider)}
      <p><strong>${mode.label}</strong>. ${fill(mode.summary, { application })}</p>
      ${change === undefined ? '' : changes(application, { ...change, accessMode: choice.accessMode })}
      ${shares(application, choice.accessMode)}
      <form method="post" action="${confirmation.action}">
        <input type="hidden" name="ticket" value="${confirmation.ticket}" />
        <p class="actions">
          <button name="choice" value="continue">${en.continueLabel}</button>
          <button class="quiet" name="choice" value="cancel">This is not me</button>
        </p>
      </form>`,
  };
}

function headingOf({ application, choice, change }: Confirmation): { readonly title: string; readonly what: string } {
  if (change !== undefined) return { title: `Change what is shared with ${application}`, what: 'This changes a connection of' };
  if (choice.provider === undefined) {
    return { title: `Use ${application} without access to your calendar`, what: 'This connects an e-mail address for' };
  }
  return { title: `Connect a ${choice.provider.name} calendar to ${application}`, what: 'This connects a calendar for' };
}

function connectedNow(connection: ChangedConnection, provider: OfferedProvider): Markup {
  const mode = `${providerLabel(provider)} · ${en.accessModes[connection.access_mode].label}`;
  return html`<p>${fill(en.connectedNow, { name: connection.name, mode })}</p>`;
}
