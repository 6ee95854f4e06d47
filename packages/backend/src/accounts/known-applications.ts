import { LRUCache } from 'lru-cache';
import type { Application } from '../storage/questions/applications.ts';
import type { Store } from '../storage/store.ts';

/** A secret that was replaced is taken for this much longer at most. */
const KNOWN_FOR_MS = 1000;
/** Whoever shows a secret that was read so long ago has it read again. */
const RENEWED_AFTER_MS = 500;
const MAX_KNOWN = 1000;

/**
 * Applications that showed their secret within the last second, as they were then: the next request of the same one need not ask for it, a
 * tenth of the time of a refresh. For authenticating only; whoever shows or offers something asks the store.
 */
export interface KnownApplications {
  recall(clientId: string): Application | undefined;
  remember(application: Application): void;
  /**
   * To be told when one that is known has shown its secret again. It is read again before it is forgotten, and nobody waits for that: where
   * an application asks all the time, every second all who asked just then would wait twice as long.
   */
  renew(application: Application): void;
}

interface Known {
  readonly application: Application;
  readonly readMs: number;
  isRenewed: boolean;
}

/** Makes the memory of one process. */
export function createKnownApplications({ store, now }: { store: Pick<Store, 'findApplication'>; now: () => number }): KnownApplications {
  const known = new LRUCache<string, Known>({ max: MAX_KNOWN });

  function keep(application: Application, readMs: number): void {
    known.set(application.id, { application, readMs, isRenewed: false });
  }

  return {
    recall: (clientId) => {
      const remembered = known.get(clientId);
      const agoMs = now() - (remembered?.readMs ?? 0);
      // Not before zero: a clock that was set back must not make it known for longer.
      return agoMs >= 0 && agoMs < KNOWN_FOR_MS ? remembered?.application : undefined;
    },
    remember: (application) => keep(application, now()),
    renew: ({ id }) => {
      const remembered = known.get(id);
      const readMs = now();
      if (remembered === undefined || remembered.isRenewed || remembered.readMs + RENEWED_AFTER_MS > readMs) return;
      remembered.isRenewed = true;
      store.findApplication(id).then(
        (application) => {
          // Whoever read it meanwhile has read something newer.
          if (known.get(id) !== remembered) return;
          if (application === undefined) known.delete(id);
          else keep(application, readMs);
        },
        // It is forgotten when its second is over, and who asks then is told.
        () => undefined,
      );
    },
  };
}
