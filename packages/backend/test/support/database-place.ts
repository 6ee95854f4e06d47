import { openPostgres, openSqlite } from '../../src/index.ts';
import type { Engine } from '../../src/storage/engine.ts';

/** Where the backends of a test keep everything, when several of them share it. */
export type DatabasePlace = { readonly file: string } | { readonly url: string };

export function openDatabase(place: DatabasePlace): Engine {
  return 'file' in place ? openSqlite(place) : openPostgres({ ...place, poolSize: 5 });
}
