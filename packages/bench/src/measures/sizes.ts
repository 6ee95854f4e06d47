import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

/** What a page loads, in bytes as a server with brotli sends them. */
export interface Sizes {
  /** The script tag's file: the button and the session client. */
  readonly entry: number;
  /** With the dialog and English. */
  readonly everything: number;
  readonly litAlone: number;
  readonly cronofyElements: number;
}

const here = createRequire(import.meta.url);
const widgetFolder = fileURLToPath(new URL('../../../widget/', import.meta.url));

/** Measures the element's files as `npm run build` left them. */
export async function measureSizes(): Promise<Sizes> {
  const script = (name: string): number => brotliBytes(readFileSync(join(widgetFolder, 'dist', 'script', name)));
  const manifest = JSON.parse(readFileSync(join(widgetFolder, 'dist', 'script', 'manifest.json'), 'utf8')) as {
    entry: string;
    files: Record<string, unknown>;
  };
  const dialogs = Object.keys(manifest.files).filter((name) => name.startsWith('dialog-'));
  const entry = script(manifest.entry);
  return {
    entry,
    everything: dialogs.reduce((sum, name) => sum + script(name), entry),
    litAlone: brotliBytes(await bundleLit()),
    cronofyElements: brotliBytes(readFileSync(here.resolve('cronofy-elements'))),
  };
}

function brotliBytes(bytes: Uint8Array): number {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }).length;
}

/** All of `lit`, built as the element is: with the widget's own Vite. */
async function bundleLit(): Promise<Uint8Array> {
  const vite = createRequire(join(widgetFolder, 'package.json')).resolve('vite');
  const { build } = (await import(pathToFileURL(vite).href)) as { build: (options: object) => Promise<unknown> };
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: here.resolve('lit'), formats: ['es'], fileName: () => 'lit.js' },
      rolldownOptions: { output: { minify: true, comments: false } },
    },
  });
  const [{ output }] = [built].flat() as [{ output: { code: string }[] }];
  return Buffer.from(output.map(({ code }) => code).join(''));
}
