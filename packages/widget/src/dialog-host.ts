import type { ConnectionSummary, EventErrorCode } from '@calendar-connect/protocol';
import type { TemplateResult } from 'lit/html.js';
import type { Interruption } from './interruption.ts';
import type { ShownConnection } from './offer.ts';
import type { RequestJson } from './request-json.ts';
import type { WishAttributes } from './wishes.ts';
import type { ElementState } from './element-states.ts';
import type { ButtonTexts } from './locales/texts.ts';

/** How a dialog came to its end. */
export type DialogOutcome =
  /** `details` names provider and access mode in the person's language. */
  | { readonly how: 'connected'; readonly summary: ConnectionSummary; readonly details: string }
  /** `left`: before anything was started. `elsewhere`: another tab connected it. `dismissed`: after a failure that was told, or with the element. */
  | { readonly how: 'left' | 'cancelled' | 'declined' | 'elsewhere' | 'dismissed' };

/** What the dialog is opened with. */
export interface DialogOptions {
  readonly backend: URL;
  readonly clientId: string;
  /** The partner's own endpoint that gets the code; the backend's where absent. */
  readonly exchange: URL | undefined;
  readonly attributes: WishAttributes;
  /** Which element of the page this is, after a reload too. */
  readonly place: string;
  /** The body of the offer, where the dialog may draw from it before it has the session's own. */
  readonly offer: Promise<unknown> | undefined;
  /** What the element shows as connected: marked when the dialog opens. A session of the partner's server may name another. */
  readonly change: ShownConnection | undefined;
  readonly request: RequestJson;
  /** See {@link storages}. */
  readonly storages: readonly Storage[];
  /** See {@link herePath}. */
  readonly here: string;
}

/** The element, as the dialog sees it. */
export interface DialogHost {
  readonly root: ShadowRoot;
  /** What it says itself, which the dialog need not bring once more. */
  readonly buttonTexts: ButtonTexts;
  /** Draws once more; the promise resolves when that is done. */
  readonly draw: () => Promise<unknown>;
  readonly enter: (state: ElementState) => void;
  readonly failed: (code: EventErrorCode, message: string) => void;
  readonly closed: (outcome: DialogOutcome) => void;
}

/** The dialog, as the element sees it: all that comes with the second file. */
export interface ConnectDialog {
  open(options: DialogOptions): void;
  /** Goes on with what a reload, or the way to the provider and back, has interrupted. */
  resume(options: DialogOptions, interruption: Interruption): void;
  /** Cancels what was started and closes. Who waits for an administrator goes on waiting. */
  close(): void;
  /** The element stands elsewhere in the document now: what was open is open there. */
  moved(): void;
  /** The element left the document. */
  abandon(): void;
  template(): TemplateResult;
}
