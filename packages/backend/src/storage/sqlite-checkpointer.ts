import type { DatabaseSync as Database } from 'node:sqlite';
import type { MessagePort as Port } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';

/** Takes the write-ahead log over into the file beside the thread that answers. */
export interface SqliteCheckpointer {
  /** So many questions have been answered, whether they wrote or not. */
  readonly answered: (questions: number) => void;
  readonly close: () => Promise<void>;
}

/** Questions between two checkpoints: some 800 pages of 4 kB where codes are exchanged. One that finds nothing to take over costs next to nothing. */
const QUESTIONS_BETWEEN = 250;

/** From here on the log is to begin anew. */
const LONG_LOG_PAGES = 4000;

interface Taken {
  /** Pages that the log holds. */
  readonly pages: number;
}

/**
 * Checkpoints a file from a thread of its own, which is begun by the first {@link QUESTIONS_BETWEEN} questions: a checkpoint waits for the
 * disk three times, and whoever asks meanwhile would wait with it. Measured with 32 connections that exchange codes: the slowest hundredth
 * takes 11 ms instead of 20.
 *
 * A log that is written to all the time is never taken over whole by another thread, and would grow for ever. So once it is long,
 * `takeRest` has to take what came meanwhile, which is little; the next commit then begins the log anew.
 *
 * Where the thread fails, SQLite's own checkpoints are left, which come with the commit that fills the log.
 */
export function createSqliteCheckpointer(file: string, takeRest: () => void): SqliteCheckpointer {
  let worker: Worker | undefined;
  let questionsSince = 0;
  let isBusy = false;
  let isOver = false;

  function start(): Worker {
    // Its program is the text of a function, so that it needs no file of its own beside a bundle.
    const started = new Worker(`(${takeOver.toString()})()`, {
      eval: true,
      workerData: file,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
    });
    started.on('message', ({ pages }: Taken) => {
      isBusy = false;
      if (pages > LONG_LOG_PAGES && !isOver) tryToTakeRest();
    });
    started.on('error', () => (isOver = true));
    started.unref();
    return started;
  }

  function tryToTakeRest(): void {
    try {
      takeRest();
    } catch {
      // There is nobody here to tell. The commit that fills the log meets the same trouble, and its asker is told.
      isOver = true;
    }
  }

  return {
    answered(questions) {
      questionsSince += questions;
      if (questionsSince < QUESTIONS_BETWEEN || isBusy || isOver) return;
      questionsSince = 0;
      isBusy = true;
      worker ??= start();
      worker.postMessage(undefined, []);
    },
    async close() {
      isOver = true;
      await worker?.terminate();
    },
  };
}

/** What the thread does. It knows nothing of this file. */
function takeOver(): void {
  const threads = process.getBuiltinModule('node:worker_threads');
  const port = threads.parentPort as Port;
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database: Database = new DatabaseSync(threads.workerData as string);
  database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = OFF');
  const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  port.on('message', () => {
    const taken: Taken = { pages: Number(checkpoint.get()?.['log']) };
    port.postMessage(taken, []);
  });
}
