import { type FailureSentences, POPUP_MESSAGES } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import type { Session } from '../storage/session-row.ts';
import type { Markup, Page } from './page.ts';

/**
 * The relay: the last page of a popup. Tells the element to look now, and closes the window where the browser lets it. It carries no
 * result: after a provider's `Cross-Origin-Opener-Policy` there may be no opener left to tell.
 */
export function relayPage(session: Session, outcome: Markup): Page {
  return {
    title: 'You can close this window',
    body: html`${outcome}
      <p class="muted" id="relay" data-session="${session.id}" data-origin="${session.origin ?? ''}">You can close this window.</p>`,
    script: `
const { session, origin } = document.getElementById('relay').dataset;
if (opener && origin) opener.postMessage({ type: '${POPUP_MESSAGES.nudge}', session }, origin);
setTimeout(() => close(), 300);
`,
  };
}

/** Shown while the provider is still answering: a reload, or a second click. */
export function finishingPage(): Page {
  return {
    title: 'Finishing',
    body: html`<h1>Finishing …</h1>
      <p class="muted">
        Your calendar provider is answering. This page looks again by itself. If it takes more than a minute, close it and start again.
      </p>`,
    refreshAfterSeconds: 1,
  };
}

/** Shown where a newer window took over. */
export function replacedPage(): Page {
  return {
    title: 'Go on in the other window',
    body: html`<h1>Go on in the other window</h1>
      <p>A newer window was opened for this. Finish there; you can close this one.</p>`,
  };
}

/** Says that a calendar is connected. */
export function connectedText(application: string): Markup {
  return html`<h1>Your calendar is connected</h1>
    <p>${application} has been told.</p>`;
}

/** Says that an address was proven, of somebody who shares no calendar. */
export function provenText(application: string): Markup {
  return html`<h1>Your e-mail address is confirmed</h1>
    <p>${application} has been told.</p>`;
}

/** Says that nothing was connected because the person did not want it. */
export function declinedText(application: string): Markup {
  return html`<h1>Nothing was connected</h1>
    <p>You did not allow ${application} to see your calendar.</p>`;
}

/** Says that nothing was connected because it was cancelled on the page, perhaps while the person was at the provider. */
export function cancelledText(application: string): Markup {
  return html`<h1>Nothing was connected</h1>
    <p>Connecting was cancelled on the page of ${application}.</p>`;
}

/** Says that nothing was connected because it took the person too long. */
export function expiredText(application: string): Markup {
  return html`<h1>This took too long</h1>
    <p>Nothing was connected. Go back to ${application} and start again.</p>`;
}

/** What happened, what to do, and for support what it is called, here and at the provider. */
export function failureText(session: Session, sentences: FailureSentences): Markup {
  const codes = [session.failureReason, session.failureCode, session.id].filter((code) => code !== undefined);
  return html`<h1>${sentences.happened}</h1>
    <p>${sentences.todo}</p>
    <p class="code">${codes.join(' · ')}</p>`;
}

/** A failed session that has no element to say so: one click tries again, another leads back. */
export function retryPage(failure: { text: Markup; retry: string; back: string; application: string }): Page {
  return {
    title: 'Not connected',
    body: html`${failure.text}
      <p class="actions">
        <a class="button" href="${failure.retry}">Try again</a>
        <a class="button quiet" href="${failure.back}">Back to ${failure.application}</a>
      </p>`,
  };
}

/** A page that says in one sentence what is wrong and in one what to do. */
export function problemPage(problem: {
  title: string;
  what: string;
  todo: string;
  code?: string;
  status: 400 | 403 | 404 | 409 | 429 | 500 | 503;
  /** The address holds what must not be passed on: it leaves the address bar and the history. */
  hideQuery?: boolean;
}): Page {
  return {
    title: problem.title,
    body: html`<h1>${problem.title}</h1>
      <p>${problem.what}</p>
      <p>${problem.todo}</p>
      ${problem.code === undefined ? '' : html`<p class="code">${problem.code}</p>`}`,
    ...(problem.hideQuery ? { script: "history.replaceState(null, '', location.pathname)" } : {}),
    status: problem.status,
  };
}

/** Shown for a form that was sent before, or that another browser sends. */
export function staleFormPage(): Page {
  return problemPage({
    title: 'This page is no longer current',
    what: 'Its form was sent before, or it was opened in another browser. Nothing was connected by it.',
    todo: 'Close this window and start again from where you came from.',
    status: 403,
  });
}
