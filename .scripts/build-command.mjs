// Bundles the command that the backend publishes, from what the compiler made.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './exclusively.mjs';
import { fingerprint } from './fingerprint.mjs';
import { OneSentenceError } from './one-sentence-error.mjs';
import { runQuietly } from './run.mjs';
import { root, workspaceEnvironment, workspaceNode } from './workspace.mjs';

const backend = join(root, 'packages', 'backend');
const built = join(backend, 'dist', 'bundle', 'main.js');
const stamp = join(root, 'node_modules', '.command-built');
const sources = () => [
  join(backend, 'src'),
  join(backend, 'build.mjs'),
  join(root, 'packages', 'protocol', 'src'),
  join(root, 'tsconfig.json'),
  join(root, 'pnpm-lock.yaml'),
];

/** Bundles the command when a source changed since: one that runs still loads parts of the former. @throws {OneSentenceError} when it cannot be bundled. */
export async function buildCommand() {
  await exclusively('command', bundle, () => {
    console.error('Waiting for another command that is bundling …');
  });
}

async function bundle() {
  const current = fingerprint(sources());
  if (existsSync(built) && existsSync(stamp) && readFileSync(stamp, 'utf8') === current) return;
  const { code } = await runQuietly('Bundling the command', [workspaceNode(), 'build.mjs'], { cwd: backend, env: workspaceEnvironment() });
  if (code !== 0) throw new OneSentenceError('The command in packages/backend cannot be bundled (the reason is above).');
  writeFileSync(stamp, current);
}
