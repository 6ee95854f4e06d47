import { randomInt } from 'node:crypto';

/** Random choices that come out the same again for the same seed. */
export interface Dice {
  /** To be set as `RACES_SEED` to have the same choices again. */
  readonly seed: number;
  /** Dice for one of many trials, whose choices do not depend on what the others choose. */
  derive(trial: number): Dice;
  /** A whole number from 0 on, below `end`. */
  below(end: number): number;
  /** A copy in another order. */
  shuffle<T>(list: readonly T[]): T[];
}

/** Seeded from the environment's `RACES_SEED`, or by chance. */
export function createDice(): Dice {
  const given = process.env['RACES_SEED'];
  const seed = given === undefined ? randomInt(2 ** 32) : Number(given);
  if (!Number.isInteger(seed)) throw new Error(`RACES_SEED: expected a whole number, received ${JSON.stringify(given)}`);
  return diceOf(seed);
}

function diceOf(seed: number): Dice {
  const next = mulberry32(seed);
  const below: Dice['below'] = (end) => Math.floor(next() * end);
  return {
    seed,
    derive: (trial) => diceOf(mulberry32(seed + trial)() * 2 ** 32),
    below,
    shuffle: (list) => {
      const rest = [...list];
      return list.flatMap(() => rest.splice(below(rest.length), 1));
    },
  };
}

/** @see [Mulberry32](https://github.com/cprosche/mulberry32): from 0 on, below 1. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs one trial; where it fails, the error says which one, and with which seed it can be had again. */
export async function trialWith(dice: Dice, name: string, trial: () => Promise<void>): Promise<void> {
  try {
    await trial();
  } catch (error) {
    throw new Error(`${name}, with RACES_SEED=${dice.seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
