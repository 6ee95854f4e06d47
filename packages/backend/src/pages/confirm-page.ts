import { fill } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import { html } from 'hono/html';
import type { Choice } from '../connect/depart.ts';
import type { Page } from './page.ts';
import { shares } from './shares.ts';

/** What the person confirms. */
export interface Confirmation {
  readonly application: string;
  readonly person: string;
  readonly choice: Choice;
  readonly action: string;
  readonly ticket: string;
}

/** Says for whom a calendar is about to be connected. Whoever was sent here by somebody else sees a name that is not theirs. */
export function confirmPage(confirmation: Confirmation): Page {
  const { application, person, choice } = confirmation;
  const mode = en.accessModes[choice.accessMode];
  return {
    title: `Connect a calendar to ${application}`,
    body: html`<h1>Connect a ${choice.provider.name} calendar to ${application}</h1>
      <p>This connects a calendar for <strong>${person}</strong>. Go on only if that is you.</p>
      <p><strong>${mode.label}</strong>. ${fill(mode.summary, { application })}</p>
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
