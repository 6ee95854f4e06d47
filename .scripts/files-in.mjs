import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of a file, or of every file below a folder, in order; none where it does not exist. */
export function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesIn(join(path, name)));
}
