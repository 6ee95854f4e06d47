import { fill } from '@calendar-connect/protocol';
import { html, nothing } from 'lit/html.js';
import { connectingFrame } from './connecting-template.ts';
import type { DialogView } from './dialog-template.ts';
import type { Action, Frame } from './frame-template.ts';
import { choiceLabel } from './provider-label.ts';

/**
 * Waiting for an administrator: what was asked, of whom, a link for them; and once they have allowed it, the way on. Where nobody knows
 * yet of whom, the page in the window asks.
 */
export function waitingFrame(dialog: DialogView): Frame {
  const { view, texts, flow } = dialog;
  const { accessMode, provider } = view.choice;
  const { state, admin_approval: approval } = view.status ?? {};
  if (!approval || view.finishing) return connectingFrame(dialog);
  const { organisation, url, mail, decision } = approval;
  const approved = state === 'approved';
  const sendable = organisation && !approved;
  const blocked = view.window === 'blocked';
  const actions: Action[] = [
    {
      label: approved ? texts.finish : view.window === 'leaving' ? texts.openHere : texts.openAgain,
      primary: !sendable,
      act: () => flow.goOn(),
    },
  ];
  if (blocked) actions.push({ label: texts.openInTab, act: () => flow.openTab() });
  if (sendable) actions.push({ label: texts.copyLink, act: () => flow.copyLink() }, { label: texts.mailLink, primary: true, href: mail });
  actions.push({ label: texts.stopWaiting, act: () => flow.cancel() });
  return {
    heading: approved ? texts.approvedHeading : texts.waitingHeading,
    message: fill(approved ? texts.approved : texts.waitingFor, {
      application: view.offer?.application.name ?? '',
      organisation: organisation ?? texts.yourOrganisation,
      mode: choiceLabel(dialog, provider, accessMode),
    }),
    body: sendable
      ? html`${decision ? html`<p part="message" class="failed">${texts.refusedByAdmin}</p>` : nothing}
          <label>${texts.waitingLink}<input part="field" readonly .value=${url} /></label>`
      : nothing,
    hint: view.unreachable
      ? texts.reaching
      : blocked
        ? texts.windowBlocked
        : approved
          ? ''
          : organisation
            ? texts.waitingLasts
            : texts.waitingAsks,
    word: view.copied && texts.copied,
    actions,
  };
}
