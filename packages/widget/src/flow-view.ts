import type { EventErrorCode, FailureSentences } from '@calendar-connect/protocol';
import type { Choice } from './choice.ts';
import type { ShownConnection, ShownOffer } from './offer.ts';
import type { PolledStatus } from './session-client.ts';

/** What went wrong, as far as the person and the dialog need it. */
export interface Failure {
  readonly code: EventErrorCode;
  /** For support: codes, and the session's id where there is one. */
  readonly support: string;
  /** Whether trying again here can help. */
  readonly retry: boolean;
  /** What the backend says about it. */
  readonly said?: FailureSentences | undefined;
}

/** Everything the dialog draws from. */
export interface FlowView {
  readonly step: 'closed' | 'choosing' | 'connecting' | 'waiting-for-admin' | 'failed';
  readonly offer?: ShownOffer | undefined;
  /** What is marked. */
  readonly choice: Choice;
  /** What the person has chosen themselves, whether or not it can be had beside the rest of it. */
  readonly asked: Choice;
  /** The connection that is changed, as it stands. */
  readonly change?: ShownConnection | undefined;
  /** Whether the session is for that connection alone. */
  readonly named?: boolean;
  /** The group that *Continue* was pressed without: another object with every press. */
  readonly missing?: { readonly group: keyof Choice } | undefined;
  /** Whether the session is there, so that *Continue* can open the window within its click. */
  readonly ready?: boolean;
  /** What became of a *Continue* that came before the session. */
  readonly early?: 'waiting' | 'press-again' | undefined;
  /** `blocked`: by the browser. `forbidden`: by the page's policy, so that there is no window at all. `leaving`: this tab goes there itself. */
  readonly window?: 'open' | 'looks-closed' | 'blocked' | 'forbidden' | 'leaving' | undefined;
  /** Whether this tab can go to the provider and come back. */
  readonly canLeave?: boolean;
  readonly unreachable?: boolean;
  readonly finishing?: boolean;
  /** How the session stands that waits for an administrator. */
  readonly status?: PolledStatus | undefined;
  /** Why it could not be made to wait. */
  readonly refused?: EventErrorCode | undefined;
  /** Whether the administrator's link is in the clipboard; absent until that was asked for. */
  readonly copied?: boolean;
  readonly failure?: Failure | undefined;
  /** Whom the partner's server named. */
  readonly personName?: string | undefined;
}

/** Before anything happened. */
export const CLOSED: FlowView = { step: 'closed', choice: {}, asked: {} };
