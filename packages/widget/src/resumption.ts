import type { EventErrorCode } from '@calendar-connect/protocol';
import type { FlowOptions } from './flow-host.ts';
import type { Interruption } from './interruption.ts';
import { createSessionKeeper, type KeptSession, type Pending } from './session-storage.ts';

/** What of an interruption can be taken up. */
export interface Resumption {
  /** Absent where the browser knows nothing of the answer in the address. */
  readonly kept?: KeptSession & { readonly pending: Pending };
  /** Whether it was begun in another tab or another run of the browser, so that nobody is disturbed where it comes to nothing. */
  readonly quiet: boolean;
  /** Why the answer cannot be taken. */
  readonly code: EventErrorCode;
}

/** Reads it; `undefined` where there is nothing for this page. */
export function readResumption(options: FlowOptions, { id, answer }: Interruption): Resumption | undefined {
  const { wishes, backend } = options;
  const kept = id ? createSessionKeeper(options).recall(id) : undefined;
  const pending = kept?.pending;
  const quiet = !answer && !!kept?.lasting;
  // A person whom the page's server named takes up only what was begun for a named one, and nobody else does.
  if (!answer && (!pending || (quiet && !!wishes.session !== pending.partner_minted))) return undefined;
  const code = id && !kept ? 'expired' : 'return_unknown';
  return pending && (!answer || `${answer.iss}/` === backend.href) ? { kept: { ...kept, pending }, quiet, code } : { quiet, code };
}
