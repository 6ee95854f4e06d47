// Compiles the packages as users install them, for the examples that run on that. Types of tests and examples are left to `npm run check`.
import { join } from 'node:path';
import { buildCommand } from './build-command.mjs';
import { ensureWidgetBuilt } from './build-widget.mjs';
import { exclusively } from './exclusively.mjs';
import { OneSentenceError } from './one-sentence-error.mjs';
import { runQuietly } from './run.mjs';
import { publishedPackages, root, tool, workspaceEnvironment } from './workspace.mjs';

/** Compiles what changed since. @throws {OneSentenceError} when it does not compile. */
export async function ensurePackagesBuilt() {
  await exclusively('packages', compile, () => {
    console.error('Waiting for another command that is compiling the packages …');
  });
  await ensureWidgetBuilt();
}

/** The compiler itself knows what changed, and needs a second where nothing did. */
async function compile() {
  const projects = publishedPackages().map(({ folder }) => join(folder, 'tsconfig.json'));
  const { code } = await runQuietly('Compiling the packages', [tool('tsc'), '-b', ...projects], { cwd: root, env: workspaceEnvironment() });
  if (code !== 0) throw new OneSentenceError('The packages do not compile (the reason is above): mend them and run this again.');
  await buildCommand();
}
