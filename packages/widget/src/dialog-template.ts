import type { ChoiceSentences } from '@calendar-connect/protocol';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { chooserFrame } from './chooser-template.ts';
import type { ConnectFlow } from './connect-flow.ts';
import { connectingFrame } from './connecting-template.ts';
import { failedFrame } from './failed-template.ts';
import type { FlowView } from './flow-view.ts';
import { frameTemplate } from './frame-template.ts';
import type { ButtonTexts, DialogTexts } from './locales/texts.ts';
import { waitingFrame } from './waiting-template.ts';

/** Everything a template draws from. */
export interface DialogView {
  readonly view: FlowView;
  /** Its methods that open a window have to be called inside a click. */
  readonly flow: ConnectFlow;
  readonly texts: ButtonTexts & DialogTexts;
  readonly sentences: ChoiceSentences;
}

const STEPS = { choosing: chooserFrame, connecting: connectingFrame, failed: failedFrame, 'waiting-for-admin': waitingFrame };

/** The dialog in whatever step it is. Waiting takes days: it stands in the page, where it is in nobody's way. */
export function dialogTemplate(dialog: DialogView): TemplateResult {
  const { flow, view } = dialog;
  const { step } = view;
  // Enter in the administrator's link asks for nothing.
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (step === 'choosing') flow.proceed();
  };
  // By Escape; what was closed for a moment is open again by now.
  const onClose = (event: Event): void => {
    if (!(event.target as HTMLDialogElement).open) flow.dismiss();
  };
  const content = html`<form novalidate @submit=${onSubmit}>${step === 'closed' ? nothing : frameTemplate(STEPS[step](dialog))}</form>
    <p role="status" id="said"></p>`;
  return step === 'waiting-for-admin'
    ? html`<section part="waiting" aria-labelledby="heading">${content}</section>`
    : html`<dialog part="dialog" aria-labelledby="heading" @close=${onClose}>${content}</dialog>`;
}
