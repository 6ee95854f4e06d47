// `npm start`: the demo, with the backend, the provider emulators and a partner's page on another site.
// `npm start -- <example>`: another example, on the packages as users install them.
import './require-node.mjs';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackagesBuilt } from './build-packages.mjs';
import { ensureWidgetBuilt } from './build-widget.mjs';
import { ensureInstalled } from './install.mjs';
import { OneSentenceError, runCommand } from './one-sentence-error.mjs';
import { run } from './run.mjs';
import { root, workspaceNode } from './workspace.mjs';

const demo = 'script-tag';

await runCommand(async () => {
  const { example, flags } = chosen(process.argv.slice(2));
  await ensureInstalled();
  await (example === demo ? ensureWidgetBuilt() : ensurePackagesBuilt());
  const conditions = example === demo ? ['--conditions=source'] : [];
  const { code, stopped } = await run(workspaceNode(), [...conditions, startOf(example), ...flags]);
  // Ctrl-C is how an example is meant to end; npm would report any other code as a failure.
  return stopped ? 0 : code;
});

function chosen([first = '', ...rest]) {
  if (first === '' || first.startsWith('-')) return { example: demo, flags: [first, ...rest].filter(Boolean) };
  if (existsSync(startOf(first))) return { example: first, flags: rest };
  const examples = readdirSync(join(root, 'examples')).filter((name) => existsSync(startOf(name)));
  throw new OneSentenceError(`There is no example ${first}; there are ${examples.join(', ')}.`);
}

function startOf(example) {
  return join(root, 'examples', example, 'start.ts');
}
