import { parseArgs } from 'node:util';
import { GOAL_NUMBERS, type GoalNumber } from './goals.ts';

/** What is to be measured, or served. */
export type Wanted =
  | { readonly command: 'help' }
  | { readonly command: 'serve'; readonly port: number }
  | {
      readonly command: 'measure';
      readonly rounds: number;
      readonly secondsEach: number;
      readonly starts: number;
      /** Of the growth of memory. */
      readonly requests: number;
      readonly only: ReadonlySet<GoalNumber>;
    };

/** The sentence of a mistake in the arguments. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

/** Printed for `--help`. */
export const HELP = `npm run bench                    measures goals P1 to P8, and prints for each whether it is held
npm run bench -- serve --port N  the published backend, with POST /__bench/seed?codes=N&tokens=M

--rounds N      rounds of P1 to P5, each in another order (default 5)
--seconds N     for each candidate and operation in a round (default 3)
--starts N      starts of each server for P6 and P7 (default 11)
--long          P7 over 1,000,000 requests (default 100,000)
--only P1,P6    these goals only; P1 to P5 are measured together`;

const LONG_REQUESTS = 1_000_000;
const SHORT_REQUESTS = 100_000;

/** @throws ArgumentError */
export function readArguments(args: readonly string[]): Wanted {
  const { values, positionals } = parse(args);
  const [command, ...more] = positionals;
  if (values.help) return { command: 'help' };
  if (more.length > 0 || (command !== undefined && command !== 'serve')) {
    throw new ArgumentError(`expected nothing or serve, received ${positionals.join(' ')}`);
  }
  if (command === 'serve') return { command, port: positive('--port', values.port ?? '', 65_535) };
  return {
    command: 'measure',
    rounds: positive('--rounds', values.rounds, 100),
    secondsEach: positive('--seconds', values.seconds, 600),
    starts: positive('--starts', values.starts, 1000),
    requests: values.long ? LONG_REQUESTS : SHORT_REQUESTS,
    only: goalsIn(values.only),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        rounds: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '3' },
        starts: { type: 'string', default: '11' },
        only: { type: 'string' },
        long: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function positive(name: string, text: string, most: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= most) return number;
  throw new ArgumentError(`${name}: expected a number from 1 to ${most}, received ${JSON.stringify(text)}`);
}

function goalsIn(text: string | undefined): ReadonlySet<GoalNumber> {
  if (text === undefined) return new Set(GOAL_NUMBERS);
  const names = text.toUpperCase().split(',');
  const goals = GOAL_NUMBERS.filter((goal) => names.includes(goal));
  if (goals.length !== new Set(names).size) {
    throw new ArgumentError(`--only: expected some of ${GOAL_NUMBERS.join(',')}, received ${JSON.stringify(text)}`);
  }
  return new Set(goals);
}
