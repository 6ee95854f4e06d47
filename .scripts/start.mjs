// `npm start`: the demo, with the backend, the provider emulators and a partner's page on another site.
import './require-node.mjs';
import { join } from 'node:path';
import { ensureWidgetBuilt } from './build-widget.mjs';
import { ensureInstalled } from './install.mjs';
import { runCommand } from './one-sentence-error.mjs';
import { run } from './run.mjs';
import { root, workspaceNode } from './workspace.mjs';

await runCommand(async () => {
  await ensureInstalled();
  await ensureWidgetBuilt();
  const demo = join(root, 'examples', 'script-tag', 'start.ts');
  const { code, stopped } = await run(workspaceNode(), ['--conditions=source', demo, ...process.argv.slice(2)]);
  // Ctrl-C is how the demo is meant to end; npm would report any other code as a failure.
  return stopped ? 0 : code;
});
