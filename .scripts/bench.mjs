// `npm run bench`: how fast and how small the product is, against others in the same run. What is measured is what is published.
import './require-node.mjs';
import { join } from 'node:path';
import { buildCommand } from './build-command.mjs';
import { ensureWidgetBuilt } from './build-widget.mjs';
import { ensureInstalled } from './install.mjs';
import { runCommand } from './one-sentence-error.mjs';
import { runQuietly, run } from './run.mjs';
import { root, tool, workspaceEnvironment, workspaceNode } from './workspace.mjs';

await runCommand(async () => {
  await ensureInstalled();
  await ensureWidgetBuilt();
  const built = await runQuietly('Compiling every package', [tool('tsc'), '-b'], { cwd: root, env: workspaceEnvironment() });
  if (built.code !== 0) return built.code;
  await buildCommand();
  const bench = join(root, 'packages', 'bench', 'src', 'main.ts');
  const { code, stopped } = await run(workspaceNode(), ['--conditions=source', bench, ...process.argv.slice(2)]);
  // Ctrl-C is how `serve` is meant to end; npm would report any other code as a failure.
  return stopped ? 0 : code;
});
