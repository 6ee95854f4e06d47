// Writes what editors and documentation tools read about the element, out of its documentation comments:
// custom-elements.json (https://custom-elements-manifest.open-wc.org) and VS Code's HTML data. With --check it only says what is stale.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const manifest = await cli({ argv: ['analyze', '--quiet'], cwd: here('.'), noWrite: true });
const elements = manifest.modules.flatMap(({ declarations }) => declarations).filter(({ tagName }) => tagName);

/** https://github.com/microsoft/vscode-custom-data/blob/main/web-data/html/htmlData.schema.json */
const htmlData = {
  version: 1.1,
  tags: elements.map(({ tagName, description, attributes }) => ({
    name: tagName,
    description,
    attributes: attributes.map(({ name, description: text, type }) => ({ name, description: text, ...valuesOf(type.text) })),
  })),
};

/** The values of a union of strings, such as `'light' | 'dark' | null`. */
function valuesOf(type) {
  const values = [...type.matchAll(/'([^']+)'/g)].map(([, name]) => ({ name }));
  return values.length > 0 ? { values } : {};
}

const files = { 'custom-elements.json': manifest, 'vscode.html-custom-data.json': htmlData };
const stale = [];
for (const [name, content] of Object.entries(files)) {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if (!process.argv.includes('--check')) await writeFile(here(name), text);
  else if ((await readFile(here(name), 'utf8').catch(() => '')) !== text) stale.push(name);
}
if (stale.length > 0) {
  console.error(`Older than the element's comments: ${stale.join(', ')}. \`npm run build\` writes anew what is to be committed.`);
  process.exitCode = 1;
}
