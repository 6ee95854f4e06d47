import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { filesIn } from './files-in.mjs';

/** A hash of the names and contents of the given files and folders; those that do not exist count as empty. */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesIn)) hash.update(path).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}
