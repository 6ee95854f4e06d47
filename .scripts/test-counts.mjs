// Turns what a test runner wrote into { passed, failed }, so that nothing that went wrong outside a test counts as well.
import { existsSync, readFileSync } from 'node:fs';

/** Counts of vitest's JSON report. */
export function vitestCounts(file, exitCode) {
  const report = read(file);
  if (!report) return crashed;
  const failedTests = (suite) => suite.assertionResults.filter(({ status }) => status === 'failed').length;
  // A file that does not load, or holds no test, fails without any test of it failing.
  const failed = report.testResults.reduce((sum, suite) => sum + (suite.status === 'failed' ? failedTests(suite) || 1 : 0), 0);
  return consistent({ passed: report.numPassedTests, failed }, exitCode);
}

/** Counts of the summary that packages/widget writes. */
export function browserTestCounts(file, exitCode) {
  const summary = read(file);
  if (!summary) return crashed;
  return consistent({ passed: summary.passed, failed: summary.failed }, exitCode);
}

const crashed = { passed: 0, failed: 1 };

/** An exit code without a failed test is an unhandled error, too little coverage, or a runner that found nothing to run. */
function consistent({ passed, failed }, exitCode) {
  const unexplained = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: unexplained ? 1 : failed };
}

function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
