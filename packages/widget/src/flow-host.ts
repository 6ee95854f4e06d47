import type { ConnectionSummary, EventErrorCode } from '@calendar-connect/protocol';
import type { SessionWishes } from './connect-session.ts';
import type { FlowView } from './flow-view.ts';
import type { ShownConnection } from './offer.ts';
import type { RequestJson } from './request-json.ts';
import type { Way } from './wishes.ts';

/** What one run through the dialog is started with. */
export interface FlowOptions extends Way {
  readonly backend: URL;
  readonly clientId: string;
  readonly exchange: URL | undefined;
  readonly wishes: SessionWishes;
  /** Which element of the page this is, after a reload too. */
  readonly place: string;
  /** The offer, where it has been asked for already: the dialog draws from it until the session's own is there. */
  readonly offer: Promise<unknown> | undefined;
  /** What is connected, where the dialog is opened to change it. */
  readonly change: ShownConnection | undefined;
  readonly request: RequestJson;
  readonly storages: readonly Storage[];
}

/** Who runs the flow and is told of what happens. */
export interface FlowHost {
  /** Where the start form stands for the moment of sending. */
  readonly formParent: ParentNode;
  readonly changed: (view: FlowView, previous: FlowView) => void;
  readonly failed: (code: EventErrorCode, message: string) => void;
  /** Told with what was on show last. */
  readonly closed: (outcome: FlowOutcome, last: FlowView) => void;
}

/** How a run through the dialog ended. */
export type FlowOutcome =
  | { readonly how: 'connected'; readonly summary: ConnectionSummary }
  /** `left`: before anything was started. `elsewhere`: another tab connected it. `dismissed`: after a failure that was told, or with the element. */
  | { readonly how: 'left' | 'cancelled' | 'declined' | 'elsewhere' | 'dismissed' };
