// Where things lie in the workspace, and the Node that everything of it runs on.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OneSentenceError } from './one-sentence-error.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Ignored by git: locks, and what must outlive node_modules. */
export const cacheDirectory = join(root, '.cache');

/** The oldest Node whose `node:sqlite` and type stripping the backend can use. */
const oldestUsable = [22, 13];

/** The Node that the root's optional dependencies bring. */
export const ownNode = join(root, 'node_modules', '.bin', 'node');

/** Path of the Node to run the workspace on: its own, or, where none is published for this platform, the one running now. */
export function workspaceNode() {
  if (existsSync(ownNode)) return ownNode;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestUsable[0] || (major === oldestUsable[0] && minor >= oldestUsable[1])) return process.execPath;
  throw new OneSentenceError(
    `No Node package exists for ${process.platform} ${process.arch}, and Node ${process.versions.node} is too old to stand in: ` +
      `install Node ${oldestUsable.join('.')} or newer and run this again.`,
  );
}

/** Path of a command that a package of the root installs. */
export const tool = (name) => join(root, 'node_modules', '.bin', name);

/** The environment for the workspace's tools, whose start-up scripts take `node` from the path. */
export function workspaceEnvironment(more = {}) {
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, ...more };
}

/** The packages below `packages` and `examples`: the `folder` of each, and its package.json as `manifest`. */
export function workspacePackages() {
  const folders = ['packages', 'examples'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)));
  return folders
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }));
}

/** Those of {@link workspacePackages} that users install. */
export const publishedPackages = () => workspacePackages().filter(({ manifest }) => !manifest.private);
