import { fill } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit';
import type { DialogView } from './dialog-template.ts';
import { frameTemplate } from './frame-template.ts';
import { providerLabel } from './provider-label.ts';

/** Connecting: the person is in another window. What can be done here is to open it again, or to stop. */
export function connectingTemplate(dialog: DialogView): TemplateResult {
  const { view, texts, sentences, flow } = dialog;
  const blocked = view.window === 'blocked';
  const open = blocked
    ? { label: texts.openInTab, primary: true, act: () => flow.openTab() }
    : { label: texts.openAgain, act: () => flow.reopen() };
  const hint = view.unreachable ? texts.reaching : view.window === 'looks-closed' ? texts.windowClosed : '';
  return frameTemplate({
    heading: fill(texts.connectingHeading, { provider: providerLabel(dialog, view.choice.provider) }),
    body: html`<p part="message" class=${blocked ? 'failed' : 'busy'}>${connectingSentence(dialog)}</p>
      ${hint && !view.finishing ? html`<p part="hint">${hint}</p>` : nothing}`,
    actions: view.finishing ? [] : [{ label: sentences.cancelLabel, act: () => flow.cancel() }, open],
  });
}

/** What happens, and what the person is to do. */
export function connectingSentence({ view, texts }: Pick<DialogView, 'view' | 'texts'>): string {
  if (view.finishing) return texts.finishing;
  return view.window === 'blocked' ? texts.windowBlocked : texts.windowOpened;
}
