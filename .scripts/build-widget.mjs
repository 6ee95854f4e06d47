// Builds the element's script, which the backend serves and the browser tests of whole flows load.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './exclusively.mjs';
import { fingerprint } from './fingerprint.mjs';
import { OneSentenceError } from './one-sentence-error.mjs';
import { runQuietly } from './run.mjs';
import { root, workspaceEnvironment, workspaceNode } from './workspace.mjs';

const widget = join(root, 'packages', 'widget');
const built = join(widget, 'dist', 'script');
const stamp = join(root, 'node_modules', '.widget-built');
// Everything in the package but what it is not built from.
const notSources = /^(dist|docs|node_modules|test|.*\.tsbuildinfo|.*\.md|custom-elements\.json|vscode\.html-custom-data\.json)$/;
const sources = () => [
  ...readdirSync(widget)
    .filter((name) => !notSources.test(name))
    .map((name) => join(widget, name)),
  join(root, 'packages', 'protocol', 'src'),
  join(root, 'tsconfig.json'),
  join(root, 'pnpm-lock.yaml'),
];

/** Builds the element's script when a source changed since. @throws {OneSentenceError} when it does not build. */
export async function ensureWidgetBuilt() {
  if (isBuilt()) return;
  await exclusively(
    'widget',
    async () => isBuilt() || buildWidget(),
    () => {
      console.error('Waiting for another command that is building the element …');
    },
  );
}

/** Builds the element's script. */
export async function buildWidget() {
  const current = fingerprint(sources());
  const { code } = await runQuietly('Building the element', [workspaceNode(), '--run', 'build'], {
    cwd: widget,
    env: workspaceEnvironment(),
  });
  if (code !== 0)
    throw new OneSentenceError('The element in packages/widget does not build (the reason is above): mend it and run this again.');
  writeFileSync(stamp, current);
}

const isBuilt = () => existsSync(built) && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(sources());
