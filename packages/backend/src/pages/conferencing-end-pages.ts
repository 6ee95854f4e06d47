import type { FailureReason } from '@calendar-connect/protocol';
import { html } from 'hono/html';
import { problemPage } from './end-page.ts';
import type { Page } from './page.ts';

/** What is said of a reason: what happened, and what to do. */
interface Sentences {
  readonly happened: string;
  readonly todo: string;
}

const RETRY = 'Nothing was connected. Wait a minute and try again.';

const REFUSED = (service: string): Sentences => ({
  happened: `${service} refused the connection.`,
  todo: 'Try again. If it happens once more, choose another account or tell the people who run this page.',
});

/**
 * What a failed connection's person is told. `service` is the name of the one that was chosen. Reasons that are missing here come from a page on
 * which somebody signs in with a password, which no such service has.
 */
const SENTENCES: Readonly<Partial<Record<FailureReason, (service: string) => Sentences>>> = {
  scopes_missing: (service) => ({
    happened: `${service} was not allowed all that making meetings takes.`,
    todo: 'Try again and leave every box ticked. If there are none, tell the people who run this page.',
  }),
  admin_policy_enforced: (service) => ({
    happened: `Your organisation’s administrator has not allowed this application at ${service}.`,
    todo: 'Ask your administrator to allow it, then try again.',
  }),
  provider_unavailable: (service) => ({ happened: `${service} did not answer.`, todo: RETRY }),
  provider_refused: REFUSED,
  provider_misconfigured: (service) => ({
    happened: `The connection to ${service} is not set up correctly.`,
    todo: 'Tell the people who run this page; they can see the reason.',
  }),
  identity_unverified: (service) => ({ happened: `${service}’s answer could not be verified.`, todo: RETRY }),
  no_refresh_token: (service) => ({
    happened: `${service} gave a connection that would not last.`,
    todo: 'Try again and allow access when you are asked.',
  }),
  sign_in_required: (service) => ({
    happened: `${service} wants you to sign in once more.`,
    todo: 'Try again and sign in when it asks you.',
  }),
  wrong_account: (service) => ({
    happened: `This account cannot be used at ${service} here.`,
    todo: 'Try again and choose another account: the one of your own organisation, or your personal one.',
  }),
  no_mailbox: (service) => ({
    happened: `This account cannot make meetings at ${service}.`,
    todo: 'Try again and choose another account.',
  }),
};

/** A connection that failed, and the two ways on. */
export interface FailedConferencing {
  readonly service: string;
  readonly reason: FailureReason;
  /** What the service says of its own code, where it knows better than we. */
  readonly explained: string | undefined;
  /** What support may ask for. */
  readonly codes: readonly string[];
  /** Where the form that tries again is sent to. */
  readonly retry: string;
  /** Leads back to the application, which learns that nothing was connected. */
  readonly back: string;
  readonly application: string;
}

/** Says why nothing was connected: one click tries again, another leads back. */
export function conferencingFailedPage(failed: FailedConferencing): Page {
  const { happened, todo } = (SENTENCES[failed.reason] ?? REFUSED)(failed.service);
  return {
    title: 'Not connected',
    body: html`<h1>${failed.explained ?? happened}</h1>
      <p>${todo}</p>
      <p class="code">${failed.codes.join(' · ')}</p>
      <form method="post" action="${failed.retry}">
        <p class="actions">
          <button>Try again</button>
          <a class="button quiet" href="${failed.back}">Back to ${failed.application}</a>
        </p>
      </form>`,
  };
}

/** Shown while the service is still answering: a reload, or a second click. */
export function conferencingFinishingPage(service: string): Page {
  return {
    title: 'Finishing',
    body: html`<h1>Finishing …</h1>
      <p class="muted">${service} is answering. This page looks again by itself.</p>`,
    refreshAfterSeconds: 1,
  };
}

/** Shown for a link that was opened before, somewhere else, or too late. */
export function conferencingLinkOverPage(): Page {
  return problemPage({
    title: 'This link is over',
    what: 'It opens once, in one browser, and within an hour. Nothing was connected by it now.',
    todo: 'Go back to where you came from and start again. If a link was sent to you, do not use it.',
    status: 403,
    hideQuery: true,
  });
}

/** Shown where the application is no longer authorized for the account. */
export function conferencingNotWantedPage(application: string): Page {
  return problemPage({
    title: 'There is nothing to connect to any longer',
    what: `${application} has no access to this account any more, so a meeting service cannot be connected to it.`,
    todo: `Go back to ${application} and connect your calendar first.`,
    status: 409,
  });
}
