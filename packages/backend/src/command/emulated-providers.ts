import { randomBytes } from 'node:crypto';
import type { MailOptions } from '../mail/mail-options.ts';
import { google } from '../providers/google/google.ts';
import { googleMeet } from '../providers/google-meet/google-meet.ts';
import { microsoftTeams } from '../providers/microsoft-teams/microsoft-teams.ts';
import { microsoft } from '../providers/microsoft/microsoft.ts';
import type { ConferencingService, Provider } from '../providers/provider.ts';
import type { ConferencingSetup } from './conferencing.ts';
import { callbackAt, emulateConferencing, noteOnService } from './emulated-conferencing.ts';
import { emulateExchange } from './emulated-exchange.ts';
import { DEMO_MAIL_FROM, isMailCaught } from './mail-settings.ts';
import { freeBusyScopesOf, legacyEwsOf, noteOnLegacyEws, type ProviderSetup } from './providers.ts';
import type { Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';

const PACKAGE = '@calendar-connect/emulators';
const MAIL_LEAVES = 'Mail: leaves by SMTP_URL, although the providers are emulated; without SMTP_URL it is caught here';

/** Providers that only exist on this computer. */
export interface EmulatedProviders extends ProviderSetup, ConferencingSetup {
  /** The mailbox that catches every mail; none where `SMTP_URL` says that mails leave. */
  readonly mail: MailOptions | undefined;
  close(): Promise<void>;
}

interface Emulated {
  readonly provider?: Provider;
  readonly conferencing?: readonly ConferencingService[];
  readonly mail?: MailOptions;
  readonly notes: readonly string[];
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
  const starting: readonly Promise<Emulated>[] = [
    emulateGoogle(emulators, publicUrl, settings),
    emulateMicrosoft(emulators, publicUrl, settings),
    emulateExchange(emulators),
    ...emulateConferencing(emulators, publicUrl),
    ...(isMailCaught(settings) ? [emulateMail(emulators, settings)] : []),
  ];
  const starts = await Promise.allSettled(starting);
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const close = async () => void (await Promise.all(started.map((emulated) => emulated.close())));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) {
    await close();
    throw failed.reason;
  }
  return {
    providers: started.flatMap(({ provider }) => provider ?? []),
    conferencing: started.flatMap(({ conferencing }) => conferencing ?? []),
    mail: started.find(({ mail }) => mail !== undefined)?.mail,
    notes: [...started.flatMap(({ notes }) => notes), ...(isMailCaught(settings) ? [] : [MAIL_LEAVES]), ...noteOnLegacyEws(settings)],
    close,
  };
}

async function emulateGoogle({ startGoogleEmulator }: Emulators, publicUrl: string, settings: Settings): Promise<Emulated> {
  const clientId = 'emulated.apps.googleusercontent.com';
  const clientSecret = `GOCSPX-${randomBytes(21).toString('base64url')}`;
  const { url, close } = await startGoogleEmulator({
    port: 0,
    clients: [{ clientId, clientSecret, redirectUris: [callbackAt(publicUrl, 'google'), callbackAt(publicUrl, 'google_meet')] }],
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
  const { issuer, authorization, token, revocation, keys } = endpoints;
  const meet = googleMeet({ clientId, clientSecret, endpoints: { issuer, authorization, token, revocation, keys, meet: url } });
  return { provider, conferencing: [meet], notes: [noteOn(provider, url), noteOnService(meet, url)], close };
}

async function emulateMicrosoft({ startMicrosoftEmulator }: Emulators, publicUrl: string, settings: Settings): Promise<Emulated> {
  const clientId = '3f1b7c52-8d0e-4a6b-9c41-5e2d7a90b8f6';
  const clientSecret = randomBytes(30).toString('base64url');
  const { url, close } = await startMicrosoftEmulator({
    port: 0,
    clients: [
      {
        clientId,
        clientSecret,
        redirectUris: [callbackAt(publicUrl, 'microsoft'), callbackAt(publicUrl, 'microsoft_teams')],
        permissions: { delegated: ['User.Read', 'Calendars.ReadWrite', 'Calendars.ReadBasic', 'OnlineMeetings.ReadWrite'] },
      },
    ],
  });
  const endpoints = { issuerOrigin: url, authority: url, tokenAuthority: url, graph: url };
  const provider = microsoft({
    clientId,
    clientSecret,
    endpoints: { ...endpoints, ews: `${url}/EWS/Exchange.asmx` },
    legacyEws: legacyEwsOf(settings),
  });
  const teams = microsoftTeams({ clientId, clientSecret, endpoints });
  return { provider, conferencing: [teams], notes: [noteOn(provider, url), noteOnService(teams, url)], close };
}

async function emulateMail({ startMailboxEmulator }: Emulators, { mailFrom = DEMO_MAIL_FROM }: Settings): Promise<Emulated> {
  // A person reads it, and browsers know the name.
  const publicUrl = (port: number) => `http://localhost:${port}`;
  const { smtpUrl, port, close } = await startMailboxEmulator({ publicUrl });
  return { mail: { smtpUrl, from: mailFrom }, notes: [`Mail: caught at ${publicUrl(port)} (nothing leaves this computer)`], close };
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
