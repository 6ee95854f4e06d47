import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');

/** Every module name after `from`, in an `import` for its effect, and in a dynamic `import()`. */
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"]+)\1/g;

/** Walks from a module through its relative imports; answers with every file, and every name that leads out of the package. */
function walk(entry: string): { files: Set<string>; outside: Set<string> } {
  const files = new Set<string>();
  const outside = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, , specifier = ''] of readFileSync(file, 'utf8').matchAll(SPECIFIER)) {
      if (specifier.startsWith('.')) visit(join(file, '..', specifier));
      else outside.add(specifier);
    }
  };
  visit(join(packageFolder, entry));
  return { files, outside };
}

/** What is installed along with a package. */
function installedWith(folder: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<Record<string, object | undefined>>;
  return ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap((kind) => Object.keys(manifest[kind] ?? {}));
}

const isBuilt = existsSync(join(packageFolder, 'dist/index.js'));

describe('what a partner’s server loads with this package', () => {
  it('is the protocol and nothing else', () => {
    const { files, outside } = walk('src/index.ts');
    expect(files.size).toBeGreaterThan(10);
    expect([...outside]).toEqual(['@calendar-connect/protocol']);
  });

  // Who runs no more than the tests may have no build. Where all is checked, there has been one.
  it.skipIf(!isBuilt && process.env['CI'] === undefined)('is nothing else at all once it is built: of the protocol it takes types', () => {
    expect(isBuilt, 'packages/partner has no dist/index.js: `npm run build` makes it').toBe(true);
    const { files, outside } = walk('dist/index.js');
    expect(files.size).toBeGreaterThan(10);
    expect([...outside]).toEqual([]);
  });

  it('brings the protocol into an installation, which brings nothing', () => {
    expect(installedWith(packageFolder)).toEqual(['@calendar-connect/protocol']);
    expect(installedWith(join(packageFolder, '../protocol'))).toEqual([]);
  });

  it('needs no global of Node’s: it also runs where there are only those of the web', () => {
    for (const file of walk('src/index.ts').files) {
      const code = readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
      expect(code, file).not.toMatch(/\b(?:Buffer|process|require|__dirname|setImmediate|global)\b/);
    }
  });
});
