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

const built = existsSync(join(packageFolder, 'dist/index.js')) ? ['dist/index.js'] : [];

describe('what a partner’s server loads with this package', () => {
  it.each(['src/index.ts', ...built])('is the protocol and nothing else, from %s', (entry) => {
    const { files, outside } = walk(entry);
    expect(files.size).toBeGreaterThan(10);
    // Of the protocol it takes types, of which nothing is left when it is built.
    expect([...outside].filter((specifier) => specifier !== '@calendar-connect/protocol')).toEqual([]);
  });

  it('needs no global of Node’s: it also runs where there are only those of the web', () => {
    for (const file of walk('src/index.ts').files) {
      const code = readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
      expect(code, file).not.toMatch(/\b(?:Buffer|process|require|__dirname|setImmediate|global)\b/);
    }
  });
});
