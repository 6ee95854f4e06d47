// Fails where the files of the script tag are larger than promised. Sizes are those of brotli at its best, which is how they are served.
import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';

const LIMITS = { entry: 9000, 'entry and dialog': 16000 };

const folder = new URL('dist/script/', import.meta.url);
const manifest = JSON.parse(await readFile(new URL('manifest.json', folder), 'utf8'));
const size = async (name) =>
  brotliCompressSync(await readFile(new URL(name, folder)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

const entry = await size(manifest.entry);
const dialog = await size(Object.keys(manifest.files).find((name) => name.startsWith('dialog-')));
const sizes = { entry, 'entry and dialog': entry + dialog };
for (const [name, bytes] of Object.entries(sizes)) console.log(`${name}: ${bytes} bytes of ${LIMITS[name]}, brotli`);
const tooLarge = Object.keys(LIMITS).filter((name) => sizes[name] > LIMITS[name]);
if (tooLarge.length > 0) {
  console.error(`Too large: ${tooLarge.join(', ')}.`);
  process.exitCode = 1;
}
