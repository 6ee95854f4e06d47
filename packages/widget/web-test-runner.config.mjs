import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { fakeBackend } from './test/fake-backend.mjs';

const QUIET = [
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-gpu',
  '--disable-dev-shm-usage',
];
// Chromium's sandbox does not start as root, which is who runs in containers.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const executablePath = process.env.CHROME_PATH;

/** Writes how many tests passed and failed to the file that TEST_SUMMARY_FILE names, as one line of JSON. */
function summaryReporter() {
  return {
    async stop({ sessions }) {
      const count = (suite) => {
        if (!suite) return { passed: 0, failed: 0 };
        const counts = [
          ...(suite.tests ?? []).map(({ passed, skipped }) => ({ passed: passed ? 1 : 0, failed: passed || skipped ? 0 : 1 })),
          ...(suite.suites ?? []).map(count),
        ];
        return counts.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
          passed: 0,
          failed: 0,
        });
      };
      const all = [...sessions].map((session) => {
        const { passed, failed } = count(session.testResults);
        // A file that did not load has no tests to fail.
        return { passed, failed: failed || (session.passed ? 0 : 1) };
      });
      const sum = all.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), { passed: 0, failed: 0 });
      if (process.env.TEST_SUMMARY_FILE) await writeFile(process.env.TEST_SUMMARY_FILE, `${JSON.stringify(sum)}\n`);
    },
  };
}

export default {
  rootDir: fileURLToPath(new URL('../..', import.meta.url)),
  files: ['src/**/*.test.ts', '!src/**/*.node.test.ts'],
  nodeResolve: { exportConditions: ['source'] },
  concurrency: 1,
  testFramework: { config: { timeout: 10_000 } },
  plugins: [esbuildPlugin({ ts: true, target: 'es2022' })],
  middleware: [fakeBackend()],
  browsers: [chromeLauncher({ launchOptions: { ...(executablePath ? { executablePath } : {}), args: [...sandbox, ...QUIET] } })],
  reporters: [defaultReporter(), summaryReporter()],
};
