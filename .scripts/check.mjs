// `npm run check`: everything that can be said about the code without running it. One failed step does not hide the next.
import './require-node.mjs';
import { importDirections } from './import-directions.mjs';
import { ensureInstalled } from './install.mjs';
import { runCommand } from './one-sentence-error.mjs';
import { run } from './run.mjs';
import { root, tool, workspaceEnvironment } from './workspace.mjs';

const steps = {
  formatting: () => runTool('prettier', ['--check', '.']),
  lint: () => runTool('oxlint', ['--type-aware', '--report-unused-disable-directives-severity=error', '.']),
  'import directions': importDirections,
  types: () => runTool('tsc', ['-b']),
};

await runCommand(async () => {
  await ensureInstalled();
  const failed = [];
  for (const [name, step] of Object.entries(steps)) {
    console.log(`\n── ${name}`);
    if ((await step()) !== 0) failed.push(name);
  }
  console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}. \`npm run format\` mends formatting.`);
  return failed.length === 0 ? 0 : 1;
});

async function runTool(name, args) {
  const { code, stopped } = await run(tool(name), args, { cwd: root, env: workspaceEnvironment() });
  if (stopped) process.exit(code);
  return code;
}
