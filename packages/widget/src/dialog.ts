import { choiceEn as sentences } from '@calendar-connect/protocol/sentences/en';
import type { TemplateResult } from 'lit/html.js';
import { ConnectFlow } from './connect-flow.ts';
import type { ConnectDialog, DialogHost, DialogOptions } from './dialog-host.ts';
import { dialogTemplate } from './dialog-template.ts';
import type { FlowOptions } from './flow-host.ts';
import { CLOSED, type FlowView } from './flow-view.ts';
import { en as dialogTexts } from './locales/en.dialog.ts';
import { parseWay, parseWishes } from './wishes.ts';
import { choiceLabel } from './provider-label.ts';

/** Puts a dialog into an element: its flow and its texts. */
export function createDialog(host: DialogHost): ConnectDialog {
  const find = (selector: string): HTMLElement | null => host.root.querySelector<HTMLElement>(selector);
  const element = (): HTMLDialogElement | null => host.root.querySelector('dialog');
  const texts = { ...host.buttonTexts, ...dialogTexts };
  /** What the page shows; the flow may be further. */
  let drawn: FlowView = CLOSED;
  const flow = new ConnectFlow({
    formParent: host.root,
    changed: (view, previous) => void show(view, previous),
    failed: host.failed,
    closed: (outcome, last) =>
      host.closed(
        outcome.how === 'connected'
          ? { ...outcome, details: choiceLabel({ view: last, sentences }, outcome.summary.provider, outcome.summary.access_mode) }
          : outcome,
      ),
  });

  async function show(view: FlowView, previous: FlowView): Promise<void> {
    if (view.step !== previous.step && view.step !== 'closed') host.enter(view.step);
    // Closing first gives the focus back while the button that had it is still there.
    if (view.step === 'closed' || view.step === 'waiting-for-admin') element()?.close();
    await host.draw();
    const before = drawn;
    drawn = flow.view;
    if (drawn === before || drawn.step === 'closed') return;
    // Does nothing where it is open, and there is none while the person waits.
    element()?.showModal();
    announce();
    if (drawn.copied !== before.copied) (find('[readonly]') as HTMLInputElement | null)?.select();
    if (drawn.missing && drawn.missing !== before.missing) find(`#${drawn.missing.group} input`)?.focus();
    else if (drawn.step !== before.step && before.step !== 'closed') find('#heading')?.focus();
  }

  /** Reads out whatever sentence is new. */
  function announce(): void {
    const status = find('#said');
    const said = [...host.root.querySelectorAll('[part=message],[part=hint],[part=word],[part=error]')]
      .map((part) => part.textContent)
      .join(' ');
    if (status && status.textContent !== said) status.textContent = said;
  }

  const optionsOf = ({ attributes, ...options }: DialogOptions): FlowOptions => ({
    ...options,
    ...parseWay(attributes, options.here),
    wishes: parseWishes(attributes),
  });

  return {
    open: (options) => flow.open(optionsOf(options)),
    resume: (options, interruption) => flow.resume(optionsOf(options), interruption),
    close: () => flow.dismiss(),
    abandon: () => flow.abandon(),
    moved() {
      if (flow.view.step === 'closed') return;
      element()?.close();
      element()?.showModal();
    },
    template: (): TemplateResult => dialogTemplate({ view: flow.view, flow, texts, sentences }),
  };
}
