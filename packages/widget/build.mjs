// Builds the files of the script tag into dist/script: the entry, the dialog, and a manifest with their integrity values.
// The files for bundlers are what `tsc -b` emits.
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here('dist/script');
const ENTRY = 'calendar-connect.js';

/** Styles and templates are text to a minifier. This takes the indentation out of them. */
const slimText = {
  name: 'slim-text',
  enforce: 'pre',
  transform(code, id) {
    if (id.endsWith('.styles.ts')) return code.replace(/`[^`]*`/g, slimCss);
    if (/(-template|calendar-connect)\.ts$/.test(id)) return slimHtml(code);
    return null;
  },
};

function slimCss(css) {
  const oneLine = css.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ');
  return oneLine
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .replace(/\b0\./g, '.');
}

/** Only line breaks beside a tag or an expression, where none of our templates means a space. */
function slimHtml(code) {
  return code
    .replace(/>\s*\n\s*(?=[<$])/g, '>')
    .replace(/(?<=[>}])\s*\n\s*</g, '<')
    .replace(/\}\s*\n\s*\$\{/g, '}${')
    .replace(/\}\s*\n\s*`/g, '}`');
}

/**
 * Names of our own that stay inside the dialog's file: of its texts, its view, its flow. They become one letter.
 * No name of the DOM, of the wire, of lit or of what the two files hand each other may be here; `script-tag.test.ts` runs what comes out.
 */
const INNER_NAMES = `
  accessMode act actions cancelLabel canLeave changeChoice choice choose chooseAccessMode chooseModeFirst chooseProvider chooseProviderFirst
  chosen claim client comeBack connectingHeading continueLabel early exactScopes exchangeFailed failedHeading failure finishing forPerson forget formParent found group
  happened heading isOurs keeper label lasts leave leaving legend mint missing notKept notReady notShared notSharedHeading nudge onForbidden onLook onNudge onUnreachable
  oneMoment oneMoreClick openAgain openHere openInTab openTab options partnerMinted personName primary proceed proof prove reaching ready recall reopen retry
  sentences sessionId setup shared sharedHeading stale step supportCode texts todo tryAgain unreachable unseen used view waitSeconds windowBlocked
  windowClosed windowOpened wishes word
`;

async function bundle(entry, fileName, { plugins, minify }) {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    root: here('.'),
    plugins: [slimText, ...plugins],
    resolve: { conditions: ['source', 'browser', 'production', 'import', 'module', 'default'] },
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      modulePreload: false,
      lib: { entry: here(entry), formats: ['es'], fileName: () => fileName },
      // Vite leaves the whitespace of ES libraries alone; this does not.
      rolldownOptions: { output: { minify, comments: false } },
    },
  });
  const [{ output }] = [result].flat();
  if (output.length !== 1) throw new Error(`Expected one file from ${entry}, got ${output.map(({ fileName: name }) => name).join(', ')}.`);
  return Buffer.from(output[0].code);
}

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 10);
const integrityOf = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`;

const dialog = await bundle('src/dialog.ts', 'dialog.js', {
  plugins: [
    { name: 'lit-of-the-entry', enforce: 'pre', resolveId: (id) => (id === 'lit/html.js' ? here('script/lit-template.ts') : null) },
  ],
  minify: { mangleProps: { include: new RegExp(`^(${INNER_NAMES.trim().replace(/\s+/g, '|')})$`) } },
});
const dialogName = `dialog-${hashOf(dialog)}.js`;
const entry = await bundle('script/calendar-connect.ts', ENTRY, {
  plugins: [
    {
      name: 'dialog-beside-the-entry',
      enforce: 'pre',
      resolveId: (id) => (id === './dialog.ts' ? { id: `./${dialogName}`, external: true } : null),
    },
  ],
  minify: true,
});
const hashedName = `calendar-connect-${hashOf(entry)}.js`;

const files = { [ENTRY]: entry, [hashedName]: entry, [dialogName]: dialog };
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const [name, bytes] of Object.entries(files)) await writeFile(`${out}/${name}`, bytes);
const manifest = {
  entry: ENTRY,
  files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, { integrity: integrityOf(bytes) }])),
  hashed: { [ENTRY]: hashedName },
};
await writeFile(`${out}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
