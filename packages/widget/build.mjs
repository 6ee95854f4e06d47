// Builds the files of the script tag into dist/script: the entry, the dialog, and a manifest with their integrity values.
// The files for bundlers are what `tsc -b` emits.
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { LIT_NAMES, refuseTrimmed, trimLit } from './trim-lit.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here('dist/script');
const ENTRY = 'calendar-connect.js';

/** Styles and templates are text to a minifier. This takes the indentation out of them. */
const slimText = {
  name: 'slim-text',
  enforce: 'pre',
  async transform(code, id) {
    if (id.endsWith('.styles.ts')) return slimStyles(id);
    if (/(-template|calendar-connect)\.ts$/.test(id)) return slimHtml(refuseTrimmed(code, id));
    return null;
  },
};

/** As they come out, so that no page has to make them of the palette. */
async function slimStyles(id) {
  const sheets = Object.entries(await import(id));
  return sheets.map(([name, css]) => `export const ${name} = ${JSON.stringify(slimCss(css))};`).join('\n');
}

/** For the custom properties that only our own styles know. Nobody sets one of these on a page's element by accident. */
const shortNames = new Map();
function shortName(name) {
  if (!shortNames.has(name)) shortNames.set(name, `_${String.fromCharCode(97 + shortNames.size)}`);
  return shortNames.get(name);
}

function slimCss(css) {
  const oneLine = css.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ');
  return oneLine
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .replace(/\b0\./g, '.')
    .replace(/='([a-z]+)'/g, '=$1')
    .replaceAll('#ffffff', '#fff')
    .replace(/--_([a-z-]+)/g, (_, name) => `--${shortName(name)}`)
    .trim();
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
  accessMode act actions approved asked approvedHeading asksAgain cancel cancelLabel canLeave challenge changeChoice changed choice
  choose chooseAccessMode chooseFirst chooseProvider chosen claim client comeBack connectedNow connectingHeading continueLabel copied
  copyLink discard dismiss drop early endsHeading exactScopes failedHeading finish finishing forget formParent forPerson goOn group heading 
  hint hold isOurs keep keeper kept keptAt label lasts leave leaving legend mailLink mint missing named needApproval noScopes notFinished notKept
  notReady notShared notSharedHeading nudge obtain oneMoment oneMoreClick onForbidden onLook onNudge onStatus onUnreachable openAgain
  openHere openInTab openTab options over partnerMinted personName primary proceed proof prove quiet reaching ready recall refused
  refusedByAdmin remark reopen result retry returning said sentences shared sharedHeading sharedNow step stopWaiting support
  supportCode texts tidy toldApproval tone tryAgain unreachable unseen used view waitingAsks waitingFor waitingHeading waitingLasts
  waitingLink waitSeconds window windowBlocked windowClosed windowOpened wishes word yourOrganisation
`;

async function bundle(entry, fileName, { plugins, minify, topLevelVar }) {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    root: here('.'),
    plugins: [slimText, ...plugins],
    resolve: { conditions: ['source', 'browser', 'development', 'import', 'module', 'default'] },
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      modulePreload: false,
      lib: { entry: here(entry), formats: ['es'], fileName: () => fileName },
      // Vite leaves the whitespace of ES libraries alone; this does not.
      rolldownOptions: {
        optimization: { inlineConst: { mode: 'all', pass: 3 } },
        treeshake: { propertyReadSideEffects: false },
        output: { minify, comments: false, topLevelVar },
      },
    },
  });
  const [{ output }] = [result].flat();
  if (output.length !== 1) throw new Error(`Expected one file from ${entry}, got ${output.map(({ fileName: name }) => name).join(', ')}.`);
  // What is left of a template's indentation stands between attributes.
  return Buffer.from(output[0].code.replace(/\n {2,}/g, ' '));
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
    trimLit,
    {
      name: 'dialog-beside-the-entry',
      enforce: 'pre',
      resolveId: (id) => (id === './dialog.ts' ? { id: `./${dialogName}`, external: true } : null),
    },
  ],
  minify: { mangleProps: { include: LIT_NAMES } },
  topLevelVar: true,
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
