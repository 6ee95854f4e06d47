// Installs the workspace when it is not, or not as pnpm-lock.yaml says.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './exclusively.mjs';
import { fingerprint } from './fingerprint.mjs';
import { OneSentenceError } from './one-sentence-error.mjs';
import { runQuietly } from './run.mjs';
import { ownNode, root } from './workspace.mjs';

/** npx brings the pinned pnpm, so that a machine needs nothing but Node and npm. Keep it equal to "packageManager". */
export const pnpm = ['npx', '-y', '-p', 'pnpm@12.21.0', '-c'];
const stamp = join(root, 'node_modules', '.installed');
// pnpm writes this file last. Its time tells an install by hand, perhaps of another branch's lock file, from ours.
const modulesFile = join(root, 'node_modules', '.modules.yaml');

/** Installs what pnpm-lock.yaml names, unless it is installed. @throws {OneSentenceError} when that fails. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await exclusively(
    'install',
    async () => isInstalled() || install(),
    () => {
      console.error('Waiting for another command that is installing the packages …');
    },
  );
}

async function install() {
  // CI=true keeps pnpm from asking questions that nobody could answer, such as whether to replace an old node_modules.
  const env = { ...process.env, CI: 'true' };
  const command = [...pnpm, 'pnpm install --frozen-lockfile --reporter=append-only'];
  const { code, output } = await runQuietly('Installing packages (once, about half a minute)', command, { cwd: root, env });
  if (code !== 0) throw new OneSentenceError(whatToDo(output));
  // Published for glibc only: on Alpine, say, it does not start, and the machine's own Node has to do.
  if (existsSync(ownNode) && spawnSync(ownNode, ['--version']).status !== 0) rmSync(ownNode);
  writeFileSync(stamp, wanted());
}

function whatToDo(output) {
  if (output.includes('ERR_PNPM_OUTDATED_LOCKFILE')) {
    return `pnpm-lock.yaml is older than a package.json: run ${pnpm.join(' ')} "pnpm install" and commit the lock file it writes.`;
  }
  return 'The packages could not be installed (the reason is above): check that this machine reaches the npm registry and has disk space, then run the same command again.';
}

function isInstalled() {
  return existsSync(stamp) && existsSync(modulesFile) && readFileSync(stamp, 'utf8') === wanted();
}

const wanted = () => `${fingerprint(manifests())} ${statSync(modulesFile).mtimeMs}`;

function manifests() {
  const packages = ['packages', 'examples'].flatMap((folder) => packagesIn(join(root, folder)));
  return [...packages, root]
    .map((folder) => join(folder, 'package.json'))
    .concat(join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml'));
}

const packagesIn = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);
