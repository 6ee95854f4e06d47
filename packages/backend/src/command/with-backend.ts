import type { Backend } from '../backend.ts';
import { openBackend } from '../open-backend.ts';
import { openHome } from './home.ts';
import type { Settings } from './settings.ts';

/**
 * Runs a command on the data of a backend, which may be running meanwhile, and closes it. No provider is needed for that, and no address: this one
 * answers nobody.
 *
 * @param work Is also given what the operator should know of how the keys came about.
 */
export async function withBackend<T>(settings: Settings, work: (backend: Backend, notes: readonly string[]) => Promise<T>): Promise<T> {
  const { database, keys, notes } = openHome(settings);
  const backend = await openBackend({ publicUrl: 'http://localhost', database, keys, providers: [] }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  try {
    return await work(backend, notes);
  } finally {
    await backend.store.close();
  }
}
