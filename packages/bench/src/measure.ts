import { cpus } from 'node:os';
import type { Wanted } from './arguments.ts';
import { calendarConnect } from './candidates/calendar-connect.ts';
import { coresSentence, moveToLoadCore } from './candidates/cores.ts';
import { bareHono, bareHonoByHand, oauth2Server, oidcProvider } from './candidates/others.ts';
import { judgeGrowth, judgeSizes, judgeStarts, judgeThroughput, type Verdict } from './goals.ts';
import { measureGrowth } from './measures/growth.ts';
import { measureSizes } from './measures/sizes.ts';
import { measureStarts } from './measures/start-up.ts';
import { measureThroughput } from './measures/throughput.ts';
import { goalsTable, seriesTable, startsTable } from './report.ts';

type Measures = Extract<Wanted, { command: 'measure' }>;

/** Where what is going on is told, and where the result goes. */
export interface Output {
  readonly tell: (line: string) => void;
  readonly print: (text: string) => void;
}

/** Measures what is wanted, and prints the goals with their tables. @throws WrongAnswer */
export async function measure(wanted: Measures, { tell, print }: Output): Promise<void> {
  moveToLoadCore();
  const tables: string[] = [];
  const verdicts: Verdict[] = [];
  if ((['P1', 'P2', 'P3', 'P4', 'P5'] as const).some((goal) => wanted.only.has(goal))) {
    tell('P1 to P5: starting and warming up every candidate');
    const series = await measureThroughput([calendarConnect, oidcProvider, oauth2Server, bareHono, bareHonoByHand], wanted, tell);
    verdicts.push(...judgeThroughput(series));
    tables.push(seriesTable(series));
  }
  if (wanted.only.has('P6') || wanted.only.has('P7')) {
    tell(`P6 and P7: ${wanted.starts} starts of each server`);
    const starts = await measureStarts(wanted.starts);
    verdicts.push(...judgeStarts(starts));
    tables.push(startsTable(starts));
  }
  if (wanted.only.has('P7')) {
    tell(`P7: memory over ${wanted.requests} requests`);
    verdicts.push(judgeGrowth(await measureGrowth(wanted.requests, tell)));
  }
  if (wanted.only.has('P8')) verdicts.push(...judgeSizes(await measureSizes()));
  const shown = verdicts.filter(({ goal }) => wanted.only.has(goal));
  print([heading(wanted), goalsTable(shown), ...tables].join('\n\n'));
}

function heading(wanted: Measures): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  return `Node ${process.versions.node}, ${model.trim()}; ${coresSentence}; 32 connections, loopback; ${wanted.rounds} rounds of ${wanted.secondsEach} s each, medians; every answer checked.`;
}
