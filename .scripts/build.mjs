// `npm run build`: what is published of every package, the element's script, and what editors read about the element.
import './require-node.mjs';
import { join } from 'node:path';
import { buildCommand } from './build-command.mjs';
import { buildWidget } from './build-widget.mjs';
import { ensureInstalled } from './install.mjs';
import { runCommand } from './one-sentence-error.mjs';
import { removeStaleOutput } from './remove-stale-output.mjs';
import { run } from './run.mjs';
import { root, tool, workspaceEnvironment, workspaceNode } from './workspace.mjs';

await runCommand(async () => {
  await ensureInstalled();
  console.log('Compiling every package …');
  removeStaleOutput();
  const { code } = await run(tool('tsc'), ['-b'], { cwd: root, env: workspaceEnvironment() });
  if (code !== 0) return code;
  await buildCommand();
  await buildWidget();
  const described = await run(workspaceNode(), ['describe-element.mjs'], { cwd: join(root, 'packages', 'widget') });
  return described.code;
});
