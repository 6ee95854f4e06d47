import type { FailureSentences } from '@calendar-connect/protocol';
import { html } from 'lit/html.js';
import { isPassing } from './calendar-connect-error.ts';
import type { DialogView } from './dialog-template.ts';
import { earlyWord } from './early-word.ts';
import type { Action, Frame } from './frame-template.ts';
import type { Failure } from './flow-view.ts';

/** Failed: what happened, what to do, and a code for support. */
export function failedFrame(dialog: DialogView): Frame {
  const { view, texts, flow } = dialog;
  const failure = view.failure as Failure;
  const { support, retry } = failure;
  const problem = problemSentences(failure, texts);
  const actions: Action[] = [{ label: texts.close, act: () => flow.cancel() }];
  if (retry && view.choice.accessMode) actions.push({ label: texts.changeChoice, act: () => flow.changeChoice() });
  if (retry) actions.push({ label: texts.tryAgain, primary: true, act: () => flow.retry() });
  return {
    // Not that nothing is connected: that is how a session is used.
    heading: texts.failedHeading,
    message: html`<strong>${problem.happened}</strong> ${problem.todo}`,
    tone: 'failed',
    body: html`<p part="support" class="muted">${texts.supportCode} ${support}</p>`,
    word: view.early && earlyWord(dialog),
    actions,
  };
}

/** What happened and what to do: as the backend says it where it knows more, else for whatever went wrong here. */
export function problemSentences(
  { code, said, retry }: Pick<Failure, 'code' | 'said' | 'retry'>,
  texts: DialogView['texts'],
): FailureSentences {
  if (said) return said;
  if (code === 'storage_blocked' || code === 'return_unknown') return texts.notKept;
  if (/^session|expired/.test(code)) return texts.used;
  return isPassing({ code }) ? texts.unreachable : retry ? texts.notFinished : { happened: texts.setup, todo: '' };
}
