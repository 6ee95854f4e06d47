import { LRUCache } from 'lru-cache';
import type { Application } from '../storage/questions/applications.ts';

/** A secret that was replaced is taken for this much longer at most. */
const KNOWN_FOR_MS = 1000;
const MAX_KNOWN = 1000;

/**
 * Applications that showed their secret within the last second, as they were then: the next request of the same one need not ask for it, a
 * tenth of the time of a refresh. For authenticating only; whoever shows or offers something asks the store.
 */
export interface KnownApplications {
  recall(clientId: string): Application | undefined;
  remember(application: Application): void;
}

/** Makes the memory of one process. */
export function createKnownApplications(now: () => number): KnownApplications {
  const known = new LRUCache<string, { application: Application; untilMs: number }>({ max: MAX_KNOWN });
  return {
    recall: (clientId) => {
      const remembered = known.get(clientId);
      return remembered !== undefined && remembered.untilMs > now() ? remembered.application : undefined;
    },
    remember: (application) => void known.set(application.id, { application, untilMs: now() + KNOWN_FOR_MS }),
  };
}
