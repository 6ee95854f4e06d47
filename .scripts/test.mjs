// `npm test`: every test there is, or those whose file name contains a given word.
import './require-node.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureWidgetBuilt } from './build-widget.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled } from './install.mjs';
import { OneSentenceError, runCommand } from './one-sentence-error.mjs';
import { run } from './run.mjs';
import { browserTestCounts, vitestCounts } from './test-counts.mjs';
import { root, tool, workspaceEnvironment, workspaceNode } from './workspace.mjs';

const usage = `npm test                 runs every test
npm test -- <word> …     runs those on Node whose file name contains a word, and leaves out the element's browser tests

CHROME_PATH=<path>       the browser to use; otherwise one is found, or installed`;

const filters = process.argv.slice(2);

await runCommand(filters.includes('--help') ? help : test);

function help() {
  console.log(usage);
  return 0;
}

async function test() {
  await ensureInstalled();
  const env = workspaceEnvironment({ CHROME_PATH: await ensureChromium() });
  const summaries = mkdtempSync(join(tmpdir(), 'calendar-connect-tests-'));
  try {
    const counts = [await building(), await onNode(join(summaries, 'vitest.json'), env)];
    if (filters.length === 0) counts.push(await inBrowser(join(summaries, 'browser.json'), env));
    return report(counts);
  } finally {
    rmSync(summaries, { recursive: true, force: true });
  }
}

/** An element that does not build is one failure; most tests can do without it. */
async function building() {
  try {
    await ensureWidgetBuilt();
    return { passed: 0, failed: 0 };
  } catch (error) {
    if (!(error instanceof OneSentenceError)) throw error;
    console.error(error.message);
    return { passed: 0, failed: 1 };
  }
}

async function onNode(summary, env) {
  console.log('\n── tests on Node, then whole flows in a browser');
  const config = join(root, '.scripts', 'vitest.config.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${summary}`];
  const code = await untilStopped(run(tool('vitest'), ['run', '--config', config, ...reporters, ...filters], { cwd: root, env }));
  return vitestCounts(summary, code);
}

async function inBrowser(summary, env) {
  console.log('\n── tests of the element in a browser');
  const cwd = join(root, 'packages', 'widget');
  const code = await untilStopped(run(workspaceNode(), ['--run', 'test:browser'], { cwd, env: { ...env, TEST_SUMMARY_FILE: summary } }));
  return browserTestCounts(summary, code);
}

async function untilStopped(running) {
  const { code, stopped } = await running;
  if (stopped) process.exit(code);
  return code;
}

function report(counts) {
  const sum = (field) => counts.reduce((total, each) => total + each[field], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 ? 0 : 1;
}
