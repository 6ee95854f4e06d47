// Finds a Chromium for the browser tests and installs one where there is none.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { OneSentenceError } from './one-sentence-error.mjs';
import { runQuietly } from './run.mjs';
import { root, workspaceEnvironment, workspaceNode } from './workspace.mjs';

const usualPlaces = {
  linux: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
    .map((name) => `/usr/bin/${name}`)
    .concat('/snap/bin/chromium'),
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
};

/**
 * Path of a Chromium that starts: the one CHROME_PATH names, an installed one, Playwright's, or one installed now.
 *
 * @throws {OneSentenceError} when there is none and none can be installed.
 */
export async function ensureChromium() {
  const chosen = process.env.CHROME_PATH;
  if (chosen && !starts(chosen)) throw new OneSentenceError(`CHROME_PATH is ${chosen}, which does not start: correct it, or unset it.`);
  const path = chosen || installed() || (await withApt()) || (await withPlaywright());
  if (path) return path;
  throw new OneSentenceError(
    'The browser tests need a Chromium and none could be installed: install Chrome or Chromium (on Debian: apt-get install chromium), ' +
      'or set CHROME_PATH to one, and run this again.',
  );
}

const installed = () => [...(usualPlaces[process.platform] ?? []), playwrightsOwn()].find(starts);

const starts = (path) => existsSync(path) && spawnSync(path, ['--version']).status === 0;

const playwrightsOwn = () => createRequire(import.meta.url)('playwright-core').chromium.executablePath();

/** Debian and its kin; their package also brings the libraries and fonts that a downloaded browser would miss. */
async function withApt() {
  if (process.getuid() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  const install = 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { code } = await runQuietly('Installing Chromium with apt-get (once, about half a minute)', ['/bin/sh', '-c', install], { env });
  return code === 0 ? installed() : undefined;
}

async function withPlaywright() {
  const command = [workspaceNode(), join(root, 'node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium'];
  const { code } = await runQuietly('Downloading Chromium (once, about a minute)', command, { env: workspaceEnvironment() });
  return code === 0 ? installed() : undefined;
}
