import { randomBytes } from 'node:crypto';
import { google } from '../providers/google/google.ts';
import { freeBusyScopesOf, type ProviderSetup } from './providers.ts';
import type { Settings } from './settings.ts';

/** Providers that only exist on this computer. */
export interface EmulatedProviders extends ProviderSetup {
  close(): Promise<void>;
}

/**
 * Starts the emulators on free ports and connects to them as to the real ones. The emulators are loaded here only: a backend in
 * production does not have them installed.
 */
export async function startEmulatedProviders(publicUrl: string, settings: Settings): Promise<EmulatedProviders> {
  const { startGoogleEmulator } = await import('@calendar-connect/emulators');
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
