// The compiler leaves in dist what it made of a source that has since gone or changed its name, and everything in dist is published.
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesIn } from './files-in.mjs';
import { publishedPackages } from './workspace.mjs';

const notCompiled = /\.(test|contract)\.ts$/;
/** Another tool makes these, and clears them away itself. */
const notByTheCompiler = /^script\//;

/** Removes every file from the packages' dist that the compiler would not write today. */
export function removeStaleOutput() {
  for (const { folder } of publishedPackages()) {
    const sources = pathsIn(join(folder, 'src')).filter((path) => !notCompiled.test(path));
    const made = new Set(sources.flatMap(compiled));
    const stale = pathsIn(join(folder, 'dist')).filter((path) => !made.has(path) && !notByTheCompiler.test(path));
    for (const path of stale) rmSync(join(folder, 'dist', path));
  }
}

const compiled = (path) => ['.js', '.d.ts'].map((ending) => path.replace(/\.ts$/, ending));

const pathsIn = (folder) => filesIn(folder).map((path) => relative(folder, path));
