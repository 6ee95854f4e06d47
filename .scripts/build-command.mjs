// Bundles the command that the backend publishes, from what the compiler made.
import { join } from 'node:path';
import { OneSentenceError } from './one-sentence-error.mjs';
import { runQuietly } from './run.mjs';
import { root, workspaceEnvironment, workspaceNode } from './workspace.mjs';

/** Bundles the command; takes a second. @throws {OneSentenceError} when it cannot be bundled. */
export async function buildCommand() {
  const { code } = await runQuietly('Bundling the command', [workspaceNode(), 'build.mjs'], {
    cwd: join(root, 'packages', 'backend'),
    env: workspaceEnvironment(),
  });
  if (code !== 0) throw new OneSentenceError('The command in packages/backend cannot be bundled (the reason is above).');
}
