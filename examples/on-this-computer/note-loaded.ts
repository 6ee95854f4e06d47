// Loaded before a program by `noting` of driving.ts: notes which files of our packages the program loads, and so whether they are those
// that users install.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const packages = new URL('../../packages/', import.meta.url).href;
const file = process.env['NOTE_LOADED_IN'] ?? '';
const [, by] = process.argv;

registerHooks({
  load: (url, context, next) => {
    if (url.startsWith(packages)) appendFileSync(file, `${JSON.stringify({ by, path: url.slice(packages.length) })}\n`);
    return next(url, context);
  },
});
