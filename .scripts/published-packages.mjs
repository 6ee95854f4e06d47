// Looks at the packages as users get them: packed as a release packs them, then installed into a project of its own.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { useAsConsumer } from './consumer-project.mjs';
import { filesIn } from './files-in.mjs';
import { pnpm } from './install.mjs';
import { OneSentenceError } from './one-sentence-error.mjs';
import { runQuietly } from './run.mjs';
import { publishedPackages, root, tool, workspaceEnvironment } from './workspace.mjs';

/** Packs every package and looks at what came out. Returns the exit code. */
export async function checkPublishedPackages() {
  const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-packages-'));
  try {
    const packed = await pack(folder);
    const problems = packed.flatMap(shapeProblems);
    for (const problem of problems) console.error(problem);
    const codes = [];
    for (const { name, tarball } of packed) codes.push(...(await lint(name, tarball)));
    codes.push(...(await useAsConsumer(packed, join(folder, 'project'))));
    return problems.length === 0 && codes.every((code) => code === 0) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tarball of each package, unpacked where an install puts it, and its own folder in the workspace. */
async function pack(folder) {
  const packages = publishedPackages();
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`).join(' ');
  const command = [...pnpm, `pnpm --recursive ${filters} pack --pack-destination "${folder}"`];
  // The install has brought this pnpm. Where there is no network, npx shall not ask after it again and again.
  const env = workspaceEnvironment({ npm_config_fetch_retries: '0' });
  await must('Packing', command, { cwd: root, env });
  const packed = [];
  for (const { folder: source, manifest } of packages) {
    const { name, version } = manifest;
    const tarball = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    const installed = join(folder, 'project', 'node_modules', name);
    mkdirSync(installed, { recursive: true });
    await must('Unpacking', ['tar', '-xzf', tarball, '-C', installed, '--strip-components=1']);
    packed.push({ name, tarball, source, installed, development: manifest, manifest: readManifest(installed) });
  }
  return packed;
}

async function must(announcement, command, options) {
  const { code } = await runQuietly(announcement, command, options);
  if (code !== 0) throw new OneSentenceError('The packages could not be packed (the reason is above).');
}

const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** What publint and attw do not ask, because it is about this workspace. */
function shapeProblems({ name, source, installed, development, manifest }) {
  const files = filesIn(installed).map((path) => relative(installed, path));
  const unwanted = files.filter((path) => /^(src|test|script)\/|\.(map|tsbuildinfo)$|\.(test|contract)\./.test(path));
  const missing = [...namedFiles(manifest), 'LICENSE', 'README.md'].filter((path) => !existsSync(join(installed, path)));
  const unlike = JSON.stringify(manifest.exports) !== JSON.stringify(withoutSource(development.exports));
  const ranges = Object.entries(manifest.dependencies ?? {}).filter(([, range]) => /^(workspace|link|file):/.test(range));
  const folder = relative(root, source);
  return [
    ...unwanted.map((path) => `${folder}: ${path} is published and is of no use to users`),
    ...missing.map((path) => `${folder}: ${path} is named in package.json, or expected, and is not in what is published`),
    ...(unlike ? [`${folder}: "publishConfig.exports" must say what "exports" says, without the "source" condition`] : []),
    ...ranges.map(([dependency, range]) => `${folder}: ${name} depends on ${dependency} by ${range}, which no user can install`),
    ...(readdirSync(installed).includes('dist') ? [] : [`${folder}: nothing was built`]),
  ];
}

/** Every file that the manifest promises; patterns are left to publint. */
function namedFiles({ exports, bin = {}, customElements }) {
  const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(targets));
  return [...targets(exports), ...Object.values(bin), ...(customElements ? [customElements] : [])].filter((path) => !path.includes('*'));
}

function withoutSource(value) {
  if (typeof value === 'string') return value;
  const entries = Object.entries(value).filter(([condition]) => condition !== 'source');
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSource(inner)]));
}

async function lint(name, tarball) {
  const options = { cwd: root, env: workspaceEnvironment() };
  const publint = await runQuietly(`publint ${name}`, [tool('publint'), 'run', tarball, '--strict'], options);
  // Nothing here is CommonJS, and Node 22.13, the oldest supported, lets CommonJS require ES modules.
  const attw = await runQuietly(`attw ${name}`, [tool('attw'), tarball, '--profile', 'esm-only', '--no-emoji'], options);
  return [publint.code, attw.code];
}
