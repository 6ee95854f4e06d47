// Turns the changesets into versions and changelogs on a copy, as a release will. `changeset status` would need the base branch of git.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runQuietly } from './run.mjs';
import { publishedPackages, root, tool, workspaceEnvironment, workspacePackages } from './workspace.mjs';

/** So that there is something to rehearse right after a release, too. */
const emptyChangeset = '---\n---\n\nNothing changed.\n';

/** Rehearses a release and prints its version. Returns the exit code. */
export async function releaseRehearsal() {
  const copy = mkdtempSync(join(tmpdir(), 'calendar-connect-release-'));
  try {
    const manifests = workspacePackages().map(({ folder }) => join(relative(root, folder), 'package.json'));
    for (const path of [...manifests, 'package.json', 'pnpm-workspace.yaml', '.changeset']) {
      cpSync(join(root, path), join(copy, path), { recursive: true });
    }
    writeFileSync(join(copy, '.changeset', 'rehearsal.md'), emptyChangeset);
    const { code } = await runQuietly('Rehearsing a release', [tool('changeset'), 'version'], { cwd: copy, env: workspaceEnvironment() });
    return code === 0 ? sameVersion(copy) : code;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** A package that was forgotten in `fixed` of the configuration goes its own way. */
function sameVersion(copy) {
  const released = publishedPackages().map(({ folder }) =>
    JSON.parse(readFileSync(join(copy, relative(root, folder), 'package.json'), 'utf8')),
  );
  const versions = new Set(released.map(({ version }) => version));
  if (versions.size === 1) {
    console.log(`The next release is ${released[0].version}, of ${released.length} packages.`);
    return 0;
  }
  console.error('Expected one version for all packages (`fixed` in .changeset/config.json), and the next release would be:');
  for (const { name, version } of released) console.error(`  ${name} ${version}`);
  return 1;
}
