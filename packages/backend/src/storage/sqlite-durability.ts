import type { StorageError } from './storage-error.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

/** What settles the questions of a batch that was committed. */
export interface Committed {
  readonly settle: () => void;
  /** Settles them as refused instead, where the commit turned out not to be durable. */
  readonly refuse: (error: unknown) => void;
  readonly hasChanged: boolean;
}

/** Holds back the answers of committed questions until what they say is on the disk. */
export interface Durability {
  /** @param committed A batch right after its COMMIT. */
  settleWhenDurable(committed: Committed): void;
  /**
   * One batch is being brought to the disk and another waits: a third would gain nothing by being committed now, and share one COMMIT with
   * more questions a little later.
   */
  readonly isBehind: boolean;
  /** Why nothing can be made durable any longer. */
  readonly failure: StorageError | undefined;
  /** Resolves when nothing is held back any longer. */
  settled(): Promise<void>;
}

/**
 * The wait for the disk, outside of SQLite.
 *
 * With `synchronous = FULL` COMMIT itself waits, and nothing else happens in the process meanwhile. With `NORMAL` it only writes the log, and
 * the log is brought to the disk here, by `fdatasync` in a thread of the platform's, while the event loop takes up further requests. The
 * promise is the same: nobody gets an answer, not even one that was only read, before all that it rests on is durable. One `fdatasync`
 * serves all batches that were committed before it. Measured with 32 connections on one core: see the benchmark's P1 and P2; a batch waited
 * about 1 ms of 3.
 *
 * After a failure nothing is trusted any longer: whether the disk has what it refused, nobody can tell, and a later success says nothing of it.
 *
 * @param log `undefined` for a database in memory, of which nothing has to last.
 * @param caughtUp Called whenever it is no longer behind.
 */
export function createDurability(log: WriteAheadLog | undefined, caughtUp: () => void): Durability {
  let waiting: Committed[] = [];
  let running: Promise<void> | undefined;
  let failure: StorageError | undefined;

  async function syncUntilAllIsSettled(to: WriteAheadLog): Promise<void> {
    while (waiting.length > 0) {
      const covered = waiting;
      waiting = [];
      caughtUp();
      try {
        if (failure === undefined) await to.sync();
      } catch (error) {
        failure = error as StorageError;
      }
      for (const batch of covered) {
        if (failure === undefined) batch.settle();
        else batch.refuse(failure);
      }
    }
    running = undefined;
  }

  return {
    settleWhenDurable: (committed) => {
      // What was only read may rest on commits that wait.
      if (log === undefined || (!committed.hasChanged && running === undefined)) {
        committed.settle();
        return;
      }
      waiting.push(committed);
      running ??= syncUntilAllIsSettled(log);
    },
    get isBehind() {
      return waiting.length > 0;
    },
    get failure() {
      return failure;
    },
    settled: async () => {
      await running;
    },
  };
}
