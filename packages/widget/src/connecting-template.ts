import { fill } from '@calendar-connect/protocol';
import { html, nothing } from 'lit/html.js';
import type { DialogView } from './dialog-template.ts';
import { problemSentences } from './failed-template.ts';
import type { Action, Frame } from './frame-template.ts';
import { providerLabel } from './provider-label.ts';

/** Connecting: the person is in another window. What can be done here is to open it again, to go on in this tab, or to stop. */
export function connectingFrame(dialog: DialogView): Frame {
  const { view, texts, sentences, flow } = dialog;
  const { window, canLeave, choice, refused, finishing } = view;
  const heading = fill(texts.connectingHeading, { provider: providerLabel(dialog, choice.provider) });
  if (finishing) return { heading, message: texts.oneMoment, tone: 'busy', actions: [] };
  const leaving = window === 'leaving';
  const open = window === 'open' || window === 'looks-closed';
  const stuck = !open && !leaving;
  const actions: Action[] = [{ label: sentences.cancelLabel, act: () => flow.cancel() }];
  if (window === 'blocked') actions.push({ label: texts.openInTab, primary: !canLeave, act: () => flow.openTab() });
  if (canLeave && !leaving) actions.push({ label: texts.openHere, primary: stuck, act: () => flow.leave() });
  if (open) actions.push({ label: texts.openAgain, act: () => flow.reopen() });
  return {
    heading,
    message: open ? texts.windowOpened : leaving ? texts.leaving : texts.windowBlocked,
    tone: stuck ? 'failed' : 'busy',
    body: view.offer?.providers.find(({ id }) => id === choice.provider)?.admin_approval
      ? html`<button type="button" part="link" @click=${() => flow.needApproval()}>${texts.toldApproval}</button>`
      : nothing,
    hint: refused
      ? problemSentences({ code: refused, retry: true }, texts).happened
      : view.unreachable
        ? texts.reaching
        : window === 'looks-closed'
          ? texts.windowClosed
          : stuck && canLeave
            ? texts.comeBack
            : '',
    actions,
  };
}
