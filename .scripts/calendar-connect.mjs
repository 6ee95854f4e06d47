#!/usr/bin/env node
// `npx calendar-connect …` from the repository's root: the backend's command, run from its sources.
import './require-node.mjs';
import { join } from 'node:path';
import { ensureWidgetBuilt } from './build-widget.mjs';
import { ensureInstalled } from './install.mjs';
import { runCommand } from './one-sentence-error.mjs';
import { run } from './run.mjs';
import { root, workspaceNode } from './workspace.mjs';

const args = process.argv.slice(2);

await runCommand(async () => {
  await ensureInstalled();
  // Only a server hands out the element; the other commands shall not wait for it.
  if (args.includes('serve')) await ensureWidgetBuilt();
  const main = join(root, 'packages', 'backend', 'src', 'command', 'main.ts');
  const { code } = await run(workspaceNode(), ['--conditions=source', main, ...args]);
  return code;
});
