import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort, runCommand } from '../../test/support/command.ts';
import { startEmulatedProviders } from './emulated-providers.ts';

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

it('starts every provider there is, each with a client that its pages know', async () => {
  const publicUrl = 'http://connect.localhost:4000';
  const emulated = await startEmulatedProviders(publicUrl, {});
  expect(emulated.notes).toEqual([
    expect.stringMatching(/^Google: emulated at http:\/\/127\.0\.0\.1:\d+ \(full, free_busy\)$/),
    expect.stringMatching(/^Microsoft: emulated at http:\/\/127\.0\.0\.1:\d+ \(full, free_busy\)$/),
  ]);
  for (const provider of emulated.providers) {
    for (const mode of ['full', 'free_busy'] as const) {
      const url = (await provider.connect()).authorizationUrl(
        { id: 'pcl_1', ...provider.client },
        {
          redirectUri: `${publicUrl}/connect/callback/${provider.id}`,
          mode,
          state: 'state-1',
          nonce: 'nonce-1',
          codeVerifier: 'verifier-0123456789-verifier-0123456789-012',
          loginHint: undefined,
          interaction: 'choose',
        },
      );
      expect((await fetch(url)).status).toBe(200);
    }
  }
  await emulated.close();
  for (const note of emulated.notes) await expect(fetch(/http:\S+/.exec(note)?.[0] ?? '')).rejects.toThrow('fetch failed');
});
