// Starting other programs so that signals, exit codes and output behave as if they had been started directly.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { OneSentenceError } from './one-sentence-error.mjs';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const stillRunningEveryMs = 15_000;
const lookForParentEveryMs = 500;

/**
 * Runs a program with this process's own input and output.
 *
 * @returns `code`, and `stopped` when this process was asked to stop meanwhile.
 */
export function run(command, args, options = {}) {
  return finished(spawn(command, args, { stdio: 'inherit', ...options }));
}

/**
 * Runs a program that is of no interest unless it fails: says what it does on stderr (stdout may carry a result
 * for a machine), keeps saying so while it lasts, and shows the program's own output only when it failed.
 *
 * @returns `code` and `output`.
 */
export async function runQuietly(announcement, [command, ...args], options = {}) {
  console.error(`${announcement} …`);
  const started = Date.now();
  const reminder = setInterval(() => {
    console.error(`${announcement}: still at it after ${Math.round((Date.now() - started) / 1000)} seconds …`);
  }, stillRunningEveryMs);
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const { code, stopped } = await finished(child);
  clearInterval(reminder);
  if (stopped) process.exit(code);
  if (code !== 0) process.stderr.write(output);
  return { code, output };
}

function finished(child) {
  let stopped = false;
  const stop = (signal) => {
    stopped = true;
    // A terminal sends Ctrl-C to every process itself; twice would read as "at once, without cleaning up".
    if (signal !== 'SIGINT' || !startedFromTerminal()) child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, stop);
  const watch = whenParentIsGone(() => stop('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new OneSentenceError(`${child.spawnfile} could not be started: ${error.message}.`)));
    child.once('close', (code, signal) => {
      for (const name of forwarded) process.off(name, stop);
      clearInterval(watch);
      resolve({ code: code ?? 128 + constants.signals[signal], stopped });
    });
  });
}

/** npm and npx cannot pass on SIGKILL; without them nobody could stop a server any more. */
function whenParentIsGone(stop) {
  if (!process.env.npm_execpath) return undefined;
  const parent = process.ppid;
  return setInterval(() => process.ppid === parent || stop(), lookForParentEveryMs);
}

const startedFromTerminal = () => [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
