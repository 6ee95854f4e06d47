import { fill, type EventErrorCode, type FailureReason, type Sentences } from '@calendar-connect/protocol';
import { html, type TemplateResult } from 'lit/html.js';
import type { DialogView } from './dialog-template.ts';
import { earlyWord } from './early-word.ts';
import { frameTemplate, type Action } from './frame-template.ts';
import type { DialogTexts, Problem } from './locales/texts.ts';

/** Failed: what happened, what to do, and a code for support. */
export function failedTemplate(dialog: DialogView): TemplateResult {
  const { view, texts, sentences, flow } = dialog;
  if (!view.failure) return html``;
  const { code, sessionId, retry } = view.failure;
  const problem = problemSentences(code, texts, sentences);
  const actions: Action[] = [{ label: texts.close, act: () => flow.cancel() }];
  if (retry && view.choice.accessMode) actions.push({ label: texts.changeChoice, act: () => flow.changeChoice() });
  if (retry) actions.push({ label: texts.tryAgain, primary: true, act: () => flow.retry() });
  return frameTemplate({
    // It may well be connected: that is how a session is used.
    heading: problem === texts.used ? texts.heading : texts.failedHeading,
    body: html`<p part="message" class="failed"><strong>${problem.happened}</strong> ${problem.todo}</p>
      <p part="support" class="muted">${fill(texts.supportCode, { code: sessionId ? `${code} · ${sessionId}` : code })}</p>`,
    word: view.early ? earlyWord(dialog, texts.tryAgain) : '',
    actions,
  });
}

/** What happened and what to do, for whatever went wrong. */
function problemSentences(code: EventErrorCode, texts: DialogTexts, sentences: Sentences): Problem {
  const failure = sentences.failures[code as FailureReason] as Problem | undefined;
  if (failure) return failure;
  if (code === 'backend_unreachable' || code === 'rate_limited' || code === 'server_error') return texts.unreachable;
  if (code === 'exchange_failed') return texts.exchangeFailed;
  if (code === 'storage_blocked' || code === 'return_unknown') return texts.notKept;
  if (code === 'session_already_claimed' || code === 'session_ended') return texts.used;
  return code === 'expired' || code === 'session_not_found' ? texts.stale : texts.setup;
}
