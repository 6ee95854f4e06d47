import type { Sentences } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { chooserTemplate } from './chooser-template.ts';
import type { ConnectFlow } from './connect-flow.ts';
import { connectingTemplate } from './connecting-template.ts';
import { failedTemplate } from './failed-template.ts';
import type { FlowView } from './flow-view.ts';
import type { DialogTexts } from './locales/texts.ts';

/** Everything a template draws from. */
export interface DialogView {
  readonly view: FlowView;
  /** Its methods that open a window have to be called inside a click. */
  readonly flow: ConnectFlow;
  readonly texts: DialogTexts;
  readonly sentences: Sentences;
}

const STEPS = { choosing: chooserTemplate, connecting: connectingTemplate, failed: failedTemplate };

/** The dialog in whatever step it is. */
export function dialogTemplate(dialog: DialogView): TemplateResult {
  const { flow, view } = dialog;
  const onCancel = (event: Event): void => {
    event.preventDefault();
    flow.cancel();
  };
  // A second Escape closes a dialog whatever is said about it.
  const onClose = (event: Event): void => {
    if (!(event.target as HTMLDialogElement).open) flow.cancel();
  };
  return html`<dialog part="dialog" aria-labelledby="heading" @cancel=${onCancel} @close=${onClose}>
    ${view.step === 'closed' ? nothing : STEPS[view.step](dialog)}
    <p role="status"></p>
  </dialog>`;
}
