// Shows that every public export carries a documentation comment. Read from the compiled declarations, where each starts a line of
// its own, right below its comment; a compiler interface that a tool could ask instead is not part of TypeScript 7.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './workspace.mjs';

const declaration = (name) => new RegExp(`^export (?:declare )?(?:abstract )?(?:function|const|class|interface|type) ${name}\\b`, 'm');
const declared = /^export (?:declare )?(?:abstract )?(?:function|const|class|interface|type) (\w+)/gm;
const handedOn = /^export (?:type )?(?:\*|\{([^}]*)\}) from '(\.[^']+)';/gm;
const local = /^export (?:type )?\{([^}]*)\};/gm;

/** Prints every public export without a comment. Returns the exit code. */
export function publicDocumentation() {
  const exported = published().flatMap(({ folder, types }) => exportsOf(join(folder, types)));
  const missing = exported.filter(({ file, name }) => !isDocumented(file, name));
  const lines = missing.map(({ file, name }) => `${sourceOf(file)}: ${name} is exported to users and has no documentation comment`);
  console.log([...new Set(lines)].join('\n') || `${exported.length} public exports, each documented.`);
  return missing.length === 0 && exported.length > 0 ? 0 : 1;
}

/** The declarations of every entry point of every package that is published. */
function published() {
  const packages = join(root, 'packages');
  return readdirSync(packages).flatMap((name) => {
    const folder = join(packages, name);
    const { exports = {}, private: isPrivate } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (isPrivate) return [];
    return Object.values(exports).flatMap(({ types }) => (types ? [{ folder, types }] : []));
  });
}

/** What a declaration file exports: where each name is declared, under the name it has there. */
function exportsOf(file) {
  const text = readFileSync(file, 'utf8');
  const own = [...text.matchAll(declared)].map(([, name]) => ({ file, name, as: name }));
  const renamed = [...text.matchAll(local)].flatMap(([, names]) => parseNames(names).map((pair) => fromHere(text, file, pair)));
  const others = [...text.matchAll(handedOn)].flatMap(([, names, specifier]) => {
    const from = exportsOf(join(dirname(file), specifier.replace(/\.(ts|js)$/, '.d.ts')));
    return names === undefined ? from : parseNames(names).map(({ name, as }) => ({ ...from.find((each) => each.as === name), as }));
  });
  return [...own, ...renamed, ...others];
}

/** A name that is exported apart from its declaration: declared above, or imported. */
function fromHere(text, file, { name, as }) {
  const imports = [...text.matchAll(/^import (?:type )?\{([^}]*)\} from '(\.[^']+)';/gm)];
  const origin = imports
    .flatMap(([, names, specifier]) => parseNames(names).map((pair) => ({ ...pair, specifier })))
    .find((each) => each.as === name);
  if (!origin) return { file, name, as };
  const found = exportsOf(join(dirname(file), origin.specifier.replace(/\.(ts|js)$/, '.d.ts'))).find((each) => each.as === origin.name);
  return { ...found, as };
}

/** `type A, B as C` */
function parseNames(list) {
  return list
    .split(',')
    .map((item) => item.trim().replace(/^type /, ''))
    .filter(Boolean)
    .map((item) => {
      const [name, as = name] = item.split(' as ');
      return { name, as };
    });
}

function isDocumented(file, name) {
  const text = readFileSync(file, 'utf8');
  const { index } = declaration(name).exec(text) ?? {};
  return index !== undefined && text.slice(0, index).trimEnd().endsWith('*/');
}

const sourceOf = (file) =>
  relative(root, file)
    .replace('/dist/', '/src/')
    .replace(/\.d\.ts$/, '.ts');
