import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort, runCommand } from '../../test/support/command.ts';

/** Has Node look for the emulators from a place where nothing is installed, so that it fails as it does there. */
const NOT_INSTALLED = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, specifier === '@calendar-connect/emulators' ? { ...context, parentURL: 'file:///nowhere/main.js' } : context),
  });
`;

it('names the package to install where the emulators are not there', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'calendar-connect-no-emulators-'));
  const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(NOT_INSTALLED)}` };
  const ended = await runCommand(['serve', '--emulators', '--port', String(await freePort())], { cwd, environment });
  rmSync(cwd, { recursive: true });
  expect([ended.code, ended.stdout]).toEqual([2, '']);
  expect(ended.stderr).toBe(
    'calendar-connect: --emulators: expected the package @calendar-connect/emulators, which is not installed: ' +
      'npm install --save-dev @calendar-connect/emulators\nSee calendar-connect --help\n',
  );
});
