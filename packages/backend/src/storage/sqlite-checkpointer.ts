import type { DatabaseSync as Database } from 'node:sqlite';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MessagePort as Port } from 'node:worker_threads';
import { Worker } from 'node:worker_threads';

/** Takes the write-ahead log over into the file beside the thread that answers. */
export interface SqliteCheckpointer {
  /** So many questions have been answered that changed something. */
  readonly written: (questions: number) => void;
  readonly close: () => Promise<void>;
}

/**
 * Questions that write between two checkpoints: some 150 pages of 4 kB where codes are exchanged.
 * Who asks waits for the whole of one where both share a core: the slowest hundredth of exchanges takes 8.1 ms, 10.3 at 250 questions, and 14 at
 * 1000.
 */
const QUESTIONS_BETWEEN = 125;

/** From here on the log is to begin anew. */
const LONG_LOG_PAGES = 4000;

/**
 * Whether a SQLite takes no harm from two connections that write and checkpoint at once: up to 3.51.2 a commit that begins the log anew while
 * another connection checkpoints can damage the file, seldom as it is. [The WAL-reset bug](https://www.sqlite.org/wal.html#walresetbug)
 */
export function canCheckpointBesides(version: string | undefined): boolean {
  const [major = 0, minor = 0, patch = 0] = version?.split('.').map(Number) ?? [];
  if (major !== 3) return major > 3;
  if (minor === 50) return patch >= 7;
  if (minor === 44) return patch >= 6;
  return minor > 51 || (minor === 51 && patch >= 3);
}

interface Taken {
  /** Pages that the log holds. */
  readonly pages: number;
}

/**
 * Checkpoints a file from a thread of its own, which is begun by the first {@link QUESTIONS_BETWEEN} questions: a checkpoint waits for the
 * disk three times, and whoever asks meanwhile would wait with it. Measured with 32 connections that exchange codes, when exchanges took longer
 * and 250 of them lay between two: the slowest hundredth takes 11 ms instead of 20, and with a lower priority 10.
 *
 * A log that is written to all the time is never taken over whole by another thread, and would grow for ever. So once it is long,
 * `takeRest` has to take what came meanwhile, which is little; the next commit then begins the log anew.
 *
 * Where the thread fails, SQLite's own checkpoints are left, which come with the commit that fills the log.
 */
export function createSqliteCheckpointer(file: string, takeRest: () => void): SqliteCheckpointer {
  // As it is now: the working directory may be another one when the thread begins. What is not there any longer is not to be made.
  const address = `${pathToFileURL(resolve(file)).href}?mode=rw`;
  let worker: Worker | undefined;
  let questionsSince = 0;
  let isBusy = false;
  let isOver = false;

  function start(): Worker {
    // Its program is the text of a function, so that it needs no file of its own beside a bundle.
    const started = new Worker(`(${takeOver.toString()})()`, {
      eval: true,
      workerData: address,
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
    written(questions) {
      questionsSince += questions;
      if (questionsSince < QUESTIONS_BETWEEN || isBusy || isOver) return;
      questionsSince = 0;
      isBusy = true;
      try {
        worker ??= start();
        worker.postMessage(undefined, []);
      } catch {
        // Node may be forbidden to make threads, or the system may have none left.
        isOver = true;
      }
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
  // Who asks goes first where both have to share a core. On Linux this is said of the thread; elsewhere it would be of the whole process.
  if (process.platform === 'linux') process.getBuiltinModule('node:os').setPriority(10);
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database: Database = new DatabaseSync(new URL(threads.workerData as string));
  database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = OFF');
  const checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  const pagesTaken = (): number => {
    try {
      return Number(checkpoint.get()?.['log']);
    } catch {
      // A full disk may have room again the next time.
      return 0;
    }
  };
  port.on('message', () => {
    port.postMessage({ pages: pagesTaken() } satisfies Taken, []);
  });
}
