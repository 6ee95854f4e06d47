import { randomBytes } from 'node:crypto';
import { google } from '../providers/google/google.ts';
import { microsoft } from '../providers/microsoft/microsoft.ts';
import type { Provider } from '../providers/provider.ts';
import { freeBusyScopesOf, legacyEwsOf, noteOnLegacyEws, type ProviderSetup } from './providers.ts';
import type { Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';

const PACKAGE = '@calendar-connect/emulators';

/** Providers that only exist on this computer. */
export interface EmulatedProviders extends ProviderSetup {
  close(): Promise<void>;
}

interface EmulatedProvider {
  readonly provider: Provider;
  readonly note: string;
  close(): Promise<void>;
}

type Emulators = Awaited<ReturnType<typeof loadEmulators>>;

/**
 * Starts the emulators on free ports and connects to them as to the real ones. The emulators are loaded here only: a backend in
 * production does not have them installed.
 *
 * @throws UsageError where they are not, saying how to install them
 */
export async function startEmulatedProviders(publicUrl: string, settings: Settings): Promise<EmulatedProviders> {
  const emulators = await loadEmulators();
  const starts = await Promise.allSettled([
    emulateGoogle(emulators, publicUrl, settings),
    emulateMicrosoft(emulators, publicUrl, settings),
  ]);
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const close = async () => void (await Promise.all(started.map((emulated) => emulated.close())));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  return {
    providers: started.map(({ provider }) => provider),
    notes: [...started.map(({ note }) => note), ...noteOnLegacyEws(settings)],
    close,
  };
}

async function emulateGoogle({ startGoogleEmulator }: Emulators, publicUrl: string, settings: Settings): Promise<EmulatedProvider> {
  const clientId = 'emulated.apps.googleusercontent.com';
  const clientSecret = `GOCSPX-${randomBytes(21).toString('base64url')}`;
  const { url, close } = await startGoogleEmulator({
    port: 0,
    clients: [{ clientId, clientSecret, redirectUris: [`${publicUrl}/connect/callback/google`] }],
  });
  const endpoints = {
    issuer: url,
    authorization: `${url}/o/oauth2/v2/auth`,
    token: `${url}/token`,
    revocation: `${url}/revoke`,
    keys: `${url}/oauth2/v3/certs`,
    api: `${url}/`,
  };
  const provider = google({ clientId, clientSecret, endpoints, freeBusyScopes: freeBusyScopesOf(settings) });
  return { provider, note: noteOn(provider, url), close };
}

async function emulateMicrosoft({ startMicrosoftEmulator }: Emulators, publicUrl: string, settings: Settings): Promise<EmulatedProvider> {
  const clientId = '3f1b7c52-8d0e-4a6b-9c41-5e2d7a90b8f6';
  const clientSecret = randomBytes(30).toString('base64url');
  const { url, close } = await startMicrosoftEmulator({
    port: 0,
    clients: [
      {
        clientId,
        clientSecret,
        redirectUris: [`${publicUrl}/connect/callback/microsoft`],
        permissions: { delegated: ['User.Read', 'Calendars.ReadWrite', 'Calendars.ReadBasic'] },
      },
    ],
  });
  const provider = microsoft({
    clientId,
    clientSecret,
    endpoints: { issuerOrigin: url, authority: url, tokenAuthority: url, graph: url, ews: `${url}/EWS/Exchange.asmx` },
    legacyEws: legacyEwsOf(settings),
  });
  return { provider, note: noteOn(provider, url), close };
}

function noteOn({ name, modes }: Provider, url: string): string {
  return `${name}: emulated at ${url} (${Object.keys(modes).join(', ')})`;
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
