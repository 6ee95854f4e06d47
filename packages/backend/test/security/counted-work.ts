import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import type { QueryCreator } from 'kysely';
import { vi } from 'vitest';
import type { Engine } from '../../src/storage/engine.ts';
import type { Question } from '../../src/storage/question.ts';
import type { Schema } from '../../src/storage/schema.ts';

/** The work behind an answer that takes a time which somebody could measure. */
export interface Work {
  readonly questions: number;
  readonly statements: number;
  readonly hashes: number;
  readonly comparisons: number;
}

/** Counts work; two answers for which it is the same are as far apart as noise. */
export interface CountedWork {
  readonly engine: Engine;
  /** What a request costs: the least of several times, because what is done behind another answer may be counted too. */
  of(request: () => Promise<unknown>): Promise<Work>;
  restore(): void;
}

const TIMES = 4;

function difference(after: Work, before: Work): Work {
  return {
    questions: after.questions - before.questions,
    statements: after.statements - before.statements,
    hashes: after.hashes - before.hashes,
    comparisons: after.comparisons - before.comparisons,
  };
}

/** Wraps a database, and the functions that hash and compare. */
export function countWork(engine: Engine): CountedWork {
  let questions = 0;
  let statements = 0;
  const underWay = new Set<Promise<unknown>>();
  function* counted<T>(question: Question<T>): Question<T> {
    let step = question.next();
    while (!step.done) {
      statements += 1;
      step = question.next(yield step.value);
    }
    return step.value;
  }
  const hash = vi.spyOn(crypto, 'hash');
  const compare = vi.spyOn(crypto, 'timingSafeEqual');
  // What modules imported by name follows the spies only now.
  syncBuiltinESMExports();
  const total = (): Work => ({ questions, statements, hashes: hash.mock.calls.length, comparisons: compare.mock.calls.length });
  return {
    engine: {
      ...engine,
      ask: <T>(question: (db: QueryCreator<Schema>) => Question<T>) => {
        questions += 1;
        const asked = engine.ask((db) => counted(question(db))).finally(() => underWay.delete(asked));
        underWay.add(asked);
        return asked;
      },
      close: () => engine.close(),
    },
    of: async (request) => {
      let least: Work | undefined;
      for (let time = 0; time < TIMES; time += 1) {
        // What was asked before has statements to come.
        while (underWay.size > 0) await Promise.allSettled(underWay);
        const before = total();
        await request();
        const cost = difference(total(), before);
        least = least === undefined || cost.statements < least.statements ? cost : least;
        await setTimeout(5);
      }
      return least ?? total();
    },
    restore: () => {
      hash.mockRestore();
      compare.mockRestore();
      syncBuiltinESMExports();
    },
  };
}
