// Bundles the command, after `tsc -b`: a dozen files instead of 530. Measured: start 330 → 90 ms, memory 104 → 68 MB (bare Hono: 85 ms, 66 MB).
// Parts that are loaded when first used stay files of their own: in one single file all of it would be compiled and kept (89 MB).
// Only the command is bundled; who imports the package gets dist/index.js, and shares Hono with it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here('dist/bundle');
const bundled = new Set();

await build({
  configFile: false,
  logLevel: 'warn',
  root: here('.'),
  plugins: [{ name: 'note-what-is-bundled', moduleParsed: ({ id }) => noteBundled(id) }],
  ssr: { noExternal: true },
  resolve: { conditions: ['node', 'import', 'module', 'default'] },
  build: {
    ssr: here('dist/command/main.js'),
    outDir: out,
    emptyOutDir: true,
    minify: false,
    target: 'node22',
    rolldownOptions: {
      // Heavy libraries that load when first used, and what has files of its own to serve.
      external: [
        ...builtinModules,
        /^node:/,
        /^ews-javascript-api/,
        /^googleapis/,
        /^nodemailer/,
        /^pg(-|$)/,
        /^saxes$/,
        /^@calendar-connect\/(emulators|widget)/,
      ],
      // Names stay, so that a place in the log says something.
      output: {
        format: 'es',
        entryFileNames: 'main.js',
        minify: { compress: true, mangle: false, codegen: true },
        // Each takes along what it imports, where none above it has it: the start reads four files instead of eight.
        codeSplitting: {
          groups: [
            { name: 'settings', test: /(command[\\/](settings|usage-error)|(storage|vault)-error)\.js$/, priority: 3 },
            { name: 'application', test: /command[\\/]application\.js$/, priority: 2 },
            { name: 'serve', test: /command[\\/]serve\.js$/, priority: 1 },
          ],
        },
      },
    },
  },
});
for (const name of readdirSync(out, { recursive: true })) {
  if (name.endsWith('.js')) rewrite(join(out, name), (code) => inAscii(withoutFacades(code)));
}
writeFileSync(
  join(out, 'LICENSES.txt'),
  [...bundled]
    .toSorted((a, b) => a.localeCompare(b))
    .map(licence)
    .join('\n\n'),
);

/**
 * Takes Node's own modules from the process. To `import` one reads everything that it exports, and for that loads what stands behind: with
 * `node:fs` streams and promises, with `node:util` colours and the terminal. 2 ms of the start, which no option of a bundler saves.
 */
function withoutFacades(code) {
  return code.replace(/import\{([^{}]*)\}from"(node:[a-z0-9/_]+)";/g, (_, names, module) => {
    return `const{${names.replaceAll(' as ', ':')}}=process.getBuiltinModule("${module}");`;
  });
}

/** V8 keeps a text with a single … in it in two bytes a letter, and so all of the file: 2 MB. What is not ASCII stands in strings only. */
function inAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function rewrite(file, change) {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** Remembers the folder of the package that a module is from, where it is not ours. */
function noteBundled(id) {
  const folder = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
  if (folder !== undefined) bundled.add(folder);
}

/** MIT, ISC and their like ask that their text goes along with the code. */
function licence(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = existsSync(folder) && readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name}: no licence text in ${dirname(folder)}`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
