// `npm run build`: what is published of every package, and the element's script.
import './require-node.mjs';
import { buildWidget } from './build-widget.mjs';
import { ensureInstalled } from './install.mjs';
import { runCommand } from './one-sentence-error.mjs';
import { run } from './run.mjs';
import { root, tool, workspaceEnvironment } from './workspace.mjs';

await runCommand(async () => {
  await ensureInstalled();
  console.log('Compiling every package …');
  const { code } = await run(tool('tsc'), ['-b'], { cwd: root, env: workspaceEnvironment() });
  if (code !== 0) return code;
  await buildWidget();
  return 0;
});
