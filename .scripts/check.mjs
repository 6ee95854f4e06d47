// `npm run check`: everything that can be said about the code and the packages without running the tests. One failed step does not
// hide the next.
import './require-node.mjs';
import { join } from 'node:path';
import { ensurePackagesBuilt } from './build-packages.mjs';
import { importDirections } from './import-directions.mjs';
import { ensureInstalled } from './install.mjs';
import { OneSentenceError, runCommand } from './one-sentence-error.mjs';
import { publicDocumentation } from './public-documentation.mjs';
import { checkPublishedPackages } from './published-packages.mjs';
import { releaseRehearsal } from './release-rehearsal.mjs';
import { removeStaleOutput } from './remove-stale-output.mjs';
import { run } from './run.mjs';
import { root, tool, workspaceEnvironment, workspaceNode } from './workspace.mjs';

const knip = ['--config', '.scripts/knip.jsonc', '--no-progress', '--treat-config-hints-as-errors'];

/** Each answers with an exit code. */
const steps = {
  formatting: { run: () => runTool('prettier', ['--check', '.']) },
  lint: { run: () => runTool('oxlint', ['--type-aware', '--report-unused-disable-directives-severity=error', '.']) },
  imports: { run: async () => importDirections() },
  unused: { run: () => runTool('knip', knip) },
  changesets: { run: releaseRehearsal },
  element: { run: elementDescription },
  types: { run: () => runTool('tsc', ['-b']) },
  build: { run: build },
  documentation: { run: async () => publicDocumentation(), ofTheBuild: true },
  sizes: { run: () => runTool('size-limit', []), ofTheBuild: true },
  packages: { run: checkPublishedPackages, ofTheBuild: true },
};

const usage = `npm run check                runs every step
npm run check -- <step> …    runs some: ${Object.keys(steps).join(', ')}`;

const wanted = process.argv.slice(2);

await runCommand(wanted.includes('--help') ? help : check);

function help() {
  console.log(usage);
  return 0;
}

async function check() {
  const unknown = wanted.find((name) => !Object.hasOwn(steps, name));
  if (unknown !== undefined) throw new OneSentenceError(`There is no step "${unknown}".\n${usage}`);
  await ensureInstalled();
  const failed = [];
  for (const [name, step] of Object.entries(steps)) {
    if (!isWanted(name)) continue;
    const passed = step.ofTheBuild && failed.includes('build') ? leaveOut(name) : await pass(name, step.run);
    if (!passed) failed.push(name);
  }
  console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}. \`npm run format\` mends formatting.`);
  return failed.length === 0 ? 0 : 1;
}

/** Without names every step is; and the build with those that look at it. */
function isWanted(name) {
  if (wanted.length === 0 || wanted.includes(name)) return true;
  return name === 'build' && wanted.some((other) => steps[other].ofTheBuild);
}

async function pass(name, step) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const code = await step().catch(explain);
  console.log(`${code === 0 ? 'passed' : 'failed'} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return code === 0;
}

function explain(error) {
  console.error(error instanceof OneSentenceError ? error.message : error);
  return 1;
}

function leaveOut(name) {
  console.log(`\n── ${name}\nleft out: there is no build to look at`);
  return false;
}

/** What is published, and nothing that was published before. */
async function build() {
  removeStaleOutput();
  await ensurePackagesBuilt();
  return 0;
}

async function elementDescription() {
  const cwd = join(root, 'packages', 'widget');
  const { code } = await run(workspaceNode(), ['describe-element.mjs', '--check'], { cwd });
  if (code === 0) console.log('custom-elements.json and the data for VS Code say what the element says.');
  return code;
}

async function runTool(name, args) {
  const { code, stopped } = await run(tool(name), args, { cwd: root, env: workspaceEnvironment() });
  if (stopped) process.exit(code);
  return code;
}
