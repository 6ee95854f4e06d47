import type { EventErrorCode, Offer } from '@calendar-connect/protocol';
import type { Choice } from './choice.ts';

/** What went wrong, as far as the person and the dialog need it. */
export interface Failure {
  readonly code: EventErrorCode;
  readonly sessionId?: string | undefined;
  /** Whether trying again here can help. */
  readonly retry: boolean;
}

/** Everything the dialog draws from. */
export interface FlowView {
  readonly step: 'closed' | 'choosing' | 'connecting' | 'failed';
  readonly offer?: Offer | undefined;
  readonly choice: Choice;
  /** The group that *Continue* was pressed without: another object with every press. */
  readonly missing?: { readonly group: keyof Choice } | undefined;
  /** Whether the session is there, so that *Continue* can open the window within its click. */
  readonly ready?: boolean;
  /** What became of a *Continue* that came before the session. */
  readonly early?: 'waiting' | 'press-again' | undefined;
  /** `blocked`: by the browser. `forbidden`: by the page's policy, so that there is no window at all. `leaving`: this tab goes there itself. */
  readonly window?: 'open' | 'looks-closed' | 'blocked' | 'forbidden' | 'leaving';
  /** Whether this tab can go to the provider and come back. */
  readonly canLeave?: boolean;
  readonly unreachable?: boolean;
  readonly finishing?: boolean;
  readonly failure?: Failure | undefined;
  /** Whom the partner's server named. */
  readonly personName?: string | undefined;
}

/** Before anything happened. */
export const CLOSED: FlowView = { step: 'closed', choice: {} };
