import { randomBytes } from 'node:crypto';
import { google } from '../providers/google/google.ts';
import { freeBusyScopesOf, type ProviderSetup } from './providers.ts';
import type { Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';

const PACKAGE = '@calendar-connect/emulators';

/** Providers that only exist on this computer. */
export interface EmulatedProviders extends ProviderSetup {
  close(): Promise<void>;
}

/**
 * Starts the emulators on free ports and connects to them as to the real ones. The emulators are loaded here only: a backend in
 * production does not have them installed.
 *
 * @throws UsageError where they are not, saying how to install them
 */
export async function startEmulatedProviders(publicUrl: string, settings: Settings): Promise<EmulatedProviders> {
  const { startGoogleEmulator } = await loadEmulators();
  const clientId = 'emulated.apps.googleusercontent.com';
  const clientSecret = `GOCSPX-${randomBytes(21).toString('base64url')}`;
  const emulator = await startGoogleEmulator({
    port: 0,
    clients: [{ clientId, clientSecret, redirectUris: [`${publicUrl}/connect/callback/google`] }],
  });
  const { url } = emulator;
  const endpoints = {
    issuer: url,
    authorization: `${url}/o/oauth2/v2/auth`,
    token: `${url}/token`,
    revocation: `${url}/revoke`,
    keys: `${url}/oauth2/v3/certs`,
    api: `${url}/`,
  };
  return {
    providers: [google({ clientId, clientSecret, endpoints, freeBusyScopes: freeBusyScopesOf(settings) })],
    notes: [`Google: emulated at ${url} (full, free_busy)`],
    close: () => emulator.close(),
  };
}

async function loadEmulators() {
  try {
    return await import('@calendar-connect/emulators');
  } catch (error) {
    // Something else that is missing is a fault of theirs, to be shown as it is.
    const isMissing =
      error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${PACKAGE}'`);
    if (!isMissing) throw error;
    throw new UsageError(`--emulators: expected the package ${PACKAGE}, which is not installed: npm install --save-dev ${PACKAGE}`);
  }
}
