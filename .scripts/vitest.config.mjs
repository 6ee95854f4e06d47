import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests run on the sources of every package; only what is published resolves to dist.
const conditions = ['source', 'module', 'node', 'development|production'];

// The element's own tests need a browser and run in packages/widget, except those that show what it does on Node.
const onNode = ['packages/!(widget)/{src,test}/**/*.test.ts', 'packages/widget/{src,test}/**/*.node.test.ts'];
const wholeFlows = ['packages/backend/test/e2e/**/*.test.ts', 'examples/*/**/*.test.ts'];
// What is asked of every database: 'node' asks SQLite, 'postgres' a PostgreSQL that the run brings up (or TEST_DATABASE_URL).
const onEveryDatabase = ['packages/backend/test/*.test.ts', 'packages/backend/test/{counterparts,security,races}/*.test.ts'];
const postgresOnly = ['packages/backend/{src/storage,test}/postgres*.test.ts'];
const sqliteOnly = ['packages/backend/test/command-*.test.ts', 'packages/backend/test/{widget-files,pages,cors}.test.ts'];
const notOurs = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['source', 'node'] } },
  test: {
    pool: 'forks',
    execArgv: ['--conditions=source'],
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: onNode,
          exclude: [...notOurs, ...wholeFlows, ...postgresOnly],
          testTimeout: 10_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [...onEveryDatabase, ...postgresOnly],
          exclude: [...notOurs, ...sqliteOnly],
          globalSetup: 'packages/backend/test/support/postgres-run.ts',
          provide: { database: 'postgres' },
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'flows',
          include: wholeFlows,
          exclude: notOurs,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Each drives a browser and several servers: one at a time, and after the others.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
