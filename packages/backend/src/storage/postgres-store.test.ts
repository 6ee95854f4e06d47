import { createDatabase, type TestDatabase } from '../../test/support/databases.ts';
import { afterEach } from 'vitest';
import { createStore } from './store.ts';
import { storeContract } from './store.contract.ts';

const open: TestDatabase[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.drop()));
});

storeContract('PostgreSQL', async () => {
  const database = await createDatabase();
  open.push(database);
  return createStore(database.open());
});
