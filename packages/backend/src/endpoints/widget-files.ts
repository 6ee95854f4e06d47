import { answerJson } from './json-answer.ts';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Context, Handler } from 'hono';

/** Written by the build of the widget. */
interface Manifest {
  /** The stable name that partners put into their pages. */
  readonly entry: string;
  /** Every file by name, with its hash for `integrity="…"` ([SRI](https://www.w3.org/TR/SRI/)). */
  readonly files: Readonly<Record<string, { readonly integrity: string }>>;
  /** The name with the content's hash in it, by stable name. */
  readonly hashed: Readonly<Record<string, string>>;
}

interface WidgetFile {
  readonly content: Buffer;
  readonly etag: string;
  /** Its name changes with its content. */
  readonly immutable: boolean;
  compressed?: Buffer;
}

/** The element's files, for script tags on pages of any origin. */
export interface WidgetFiles {
  /** `GET /{name}.js`; what is no file of the widget's is left to whoever comes next. */
  readonly file: Handler;
  /** `GET /calendar-connect.json`: names and SRI hashes of this version. */
  readonly manifest: Handler;
}

/** The element as it was built. */
interface BuiltWidget {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, WidgetFile>;
}

/** Reads the built element when it is first asked for: to find its package takes 2 ms, which the start need not wait for. */
export function widgetFiles(): WidgetFiles {
  let widget: BuiltWidget | undefined;
  const built = (): BuiltWidget => (widget ??= readWidget());
  return {
    async file(c, next) {
      const file = built().files.get(c.req.param('file') ?? '');
      return file === undefined ? next() : answerFile(c, file);
    },
    manifest(c) {
      forEverybody(c, false);
      return answerJson(c, built().manifest);
    },
  };
}

/** @throws Error where it was not built */
function readWidget(): BuiltWidget {
  const folder = new URL('./', import.meta.resolve('@calendar-connect/widget/script/manifest.json'));
  const read = (name: string) => readFileSync(fileURLToPath(new URL(name, folder)));
  // Our own build wrote it.
  const manifest = JSON.parse(read('manifest.json').toString('utf8')) as Manifest;
  const files = Object.entries(manifest.files).map(([name, { integrity }]): [string, WidgetFile] => [
    name,
    { content: read(name), etag: `"${integrity}"`, immutable: name !== manifest.entry },
  ]);
  return { manifest, files: new Map(files) };
}

function answerFile(c: Context, file: WidgetFile): Response {
  const compressed = /\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(c.req.header('accept-encoding') ?? '');
  // Other bytes, another tag: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.3
  const etag = compressed ? file.etag.replace(/"$/, '-br"') : file.etag;
  forEverybody(c, file.immutable);
  c.header('ETag', etag);
  c.header('Vary', 'Accept-Encoding');
  if (c.req.header('if-none-match') === etag) return c.body(null, 304);
  c.header('Content-Type', 'text/javascript; charset=utf-8');
  if (!compressed) return c.body(new Uint8Array(file.content));
  // Compressed when first asked for, not at start: it takes longer than all the rest of starting.
  file.compressed ??= brotliCompressSync(file.content, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } });
  c.header('Content-Encoding', 'br');
  return c.body(new Uint8Array(file.compressed));
}

/** A module script of another origin needs CORS, and CORP where the page isolates itself. Nothing in these files is anybody's secret. */
function forEverybody(c: Context, immutable: boolean): void {
  c.header('Access-Control-Allow-Origin', '*');
  c.header('Cross-Origin-Resource-Policy', 'cross-origin');
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=0, must-revalidate');
}
