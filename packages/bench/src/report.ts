import { nameOf, type Verdict } from './goals.ts';
import type { Starts } from './measures/start-up.ts';
import { median } from './measures/statistics.ts';
import type { Series } from './measures/throughput.ts';

/** The goals, one line each. */
export function goalsTable(verdicts: readonly Verdict[]): string {
  return table(
    ['goal', 'what', 'measured', 'wanted', ''],
    verdicts.map(({ goal, what, measured, wanted, isHeld }) => [goal, what, measured, wanted, isHeld ? 'held' : 'MISSED']),
  );
}

/** What each candidate did, as medians over the rounds. These depend on the machine and on its moment; the ratios do much less. */
export function seriesTable(series: readonly Series[]): string {
  const rows = series.map(({ candidate, operation, rounds }) => {
    const of = (field: 'perSecond' | 'p50Ms' | 'p99Ms'): number => median(rounds.map((round) => round[field]));
    const speeds = rounds.map((round) => round.perSecond);
    return [
      candidate,
      nameOf(operation),
      of('perSecond').toFixed(0),
      `${Math.min(...speeds).toFixed(0)} to ${Math.max(...speeds).toFixed(0)}`,
      of('p50Ms').toFixed(2),
      of('p99Ms').toFixed(2),
    ];
  });
  return table(['candidate', 'operation', 'per second', 'slowest to fastest round', 'p50 ms', 'p99 ms'], rows);
}

/** Start and memory of each server, as medians. */
export function startsTable(starts: Starts): string {
  const rows = Object.entries(starts).map(([starter, { startMs, residentBytes }]) => [
    starter,
    median(startMs).toFixed(0),
    (median(residentBytes) / 1_000_000).toFixed(1),
  ]);
  return table(['server', 'start to first 200, ms', 'memory at rest, MB'], rows);
}

/** A table that reads as text and as Markdown. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
