import { fill } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { DialogView } from './dialog-template.ts';
import { frameTemplate, type Action } from './frame-template.ts';
import { providerLabel } from './provider-label.ts';

/** Connecting: the person is in another window. What can be done here is to open it again, to go on in this tab, or to stop. */
export function connectingTemplate(dialog: DialogView): TemplateResult {
  const { view, texts, sentences, flow } = dialog;
  const { window, canLeave, finishing } = view;
  const stuck = window === 'blocked' || window === 'forbidden';
  const hint = view.unreachable ? texts.reaching : window === 'looks-closed' ? texts.windowClosed : stuck && canLeave ? texts.comeBack : '';
  const actions: Action[] = [{ label: sentences.cancelLabel, act: () => flow.cancel() }];
  if (window === 'blocked') actions.push({ label: texts.openInTab, primary: !canLeave, act: () => flow.openTab() });
  if (canLeave && window !== 'leaving') actions.push({ label: texts.openHere, primary: stuck, act: () => void flow.leave() });
  if (window === 'open' || window === 'looks-closed') actions.push({ label: texts.openAgain, act: () => flow.reopen() });
  return frameTemplate({
    heading: fill(texts.connectingHeading, { provider: providerLabel(dialog, view.choice.provider) }),
    body: html`<p part="message" class=${stuck && !finishing ? 'failed' : 'busy'}>${connectingSentence(dialog)}</p>
      ${hint && !finishing ? html`<p part="hint">${hint}</p>` : nothing}`,
    actions: finishing ? [] : actions,
  });
}

/** What happens, and what the person is to do. */
function connectingSentence({ view, texts }: Pick<DialogView, 'view' | 'texts'>): string {
  if (view.finishing) return texts.finishing;
  if (view.window === 'leaving') return texts.leaving;
  return view.window === 'open' || view.window === 'looks-closed' ? texts.windowOpened : texts.windowBlocked;
}
