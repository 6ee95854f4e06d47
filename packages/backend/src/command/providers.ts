import { type FreeBusyScopes, google } from '../providers/google/google.ts';
import type { Provider } from '../providers/provider.ts';
import type { Settings } from './settings.ts';

/** The providers that are set up, and one sentence on each that is there or not. */
export interface ProviderSetup {
  readonly providers: readonly Provider[];
  readonly notes: readonly string[];
}

/** Switches on every provider whose settings are complete, and says what the others lack. */
export function providersFrom(settings: Settings): ProviderSetup {
  const { googleClientId: clientId, googleClientSecret: clientSecret } = settings;
  if (clientId === undefined || clientSecret === undefined) {
    const lacking = [
      clientId === undefined ? 'GOOGLE_CLIENT_ID' : undefined,
      clientSecret === undefined ? 'GOOGLE_CLIENT_SECRET' : undefined,
    ];
    return { providers: [], notes: [`Google: off; set ${lacking.filter(Boolean).join(' and ')} to switch it on`] };
  }
  const provider = google({
    clientId,
    clientSecret,
    freeBusyScopes: freeBusyScopesOf(settings),
  });
  return { providers: [provider], notes: [`Google: on (${Object.keys(provider.modes).join(', ')})`] };
}

/** Which scope the operator wants free/busy mode to ask for; `google()` checks the value and says what it expected. */
export function freeBusyScopesOf(settings: Settings): FreeBusyScopes | undefined {
  return settings.googleFreeBusyScopes as FreeBusyScopes | undefined;
}
