import { type FreeBusyScopes, google } from '../providers/google/google.ts';
import { CalendarConnectError } from '../errors.ts';
import { exchangeFrom } from './exchange-setting.ts';
import { LEGACY_EWS_NOTE } from '../providers/microsoft/legacy-ews/legacy-ews.ts';
import { microsoft } from '../providers/microsoft/microsoft.ts';
import type { Provider } from '../providers/provider.ts';
import { SETTINGS, type SettingName, type Settings } from './settings.ts';

/** The providers that are set up, and one sentence on each that is there or not. */
export interface ProviderSetup {
  readonly providers: readonly Provider[];
  readonly notes: readonly string[];
}

/** The settings of a provider's client, and what they make. */
interface ProviderSettings {
  readonly name: string;
  readonly clientId: SettingName;
  readonly clientSecret: SettingName;
  readonly make: (client: Provider['client'], settings: Settings) => Provider;
  /** What the operator should know of settings of this provider that are there. */
  readonly noteOn?: (settings: Settings) => readonly string[];
}

const PROVIDERS: readonly ProviderSettings[] = [
  {
    name: 'Google',
    clientId: 'googleClientId',
    clientSecret: 'googleClientSecret',
    make: (client, settings) => google({ ...client, freeBusyScopes: freeBusyScopesOf(settings) }),
  },
  {
    name: 'Microsoft',
    clientId: 'microsoftClientId',
    clientSecret: 'microsoftClientSecret',
    make: (client, settings) => microsoft({ ...client, legacyEws: legacyEwsOf(settings) }),
    noteOn: noteOnLegacyEws,
  },
];

/** Switches on every provider whose settings are complete, and says what the others lack. */
export function providersFrom(settings: Settings): ProviderSetup {
  const setups = [...PROVIDERS.map((provider) => setUp(provider, settings)), exchangeFrom(settings)];
  return { providers: setups.flatMap(({ providers }) => providers), notes: setups.flatMap(({ notes }) => notes) };
}

function setUp({ name, clientId, clientSecret, make, noteOn }: ProviderSettings, settings: Settings): ProviderSetup {
  const client = { clientId: settings[clientId], clientSecret: settings[clientSecret] };
  if (client.clientId === undefined || client.clientSecret === undefined) {
    const lacking = [clientId, clientSecret].filter((setting) => settings[setting] === undefined);
    const variables = lacking.map((setting) => SETTINGS[setting].variable).join(' and ');
    return { providers: [], notes: [`${name}: off; set ${variables} to switch it on`] };
  }
  const provider = make({ clientId: client.clientId, clientSecret: client.clientSecret }, settings);
  return { providers: [provider], notes: [`${name}: on (${Object.keys(provider.modes).join(', ')})`, ...(noteOn?.(settings) ?? [])] };
}

/** Which scope the operator wants free/busy mode to ask for; `google()` checks the value and says what it expected. */
export function freeBusyScopesOf(settings: Settings): FreeBusyScopes | undefined {
  return settings.googleFreeBusyScopes as FreeBusyScopes | undefined;
}

/** Whether full access to Microsoft's calendars is asked for by EWS. @throws CalendarConnectError `option_invalid` */
export function legacyEwsOf({ microsoftLegacyEws = 'off' }: Settings): boolean {
  if (microsoftLegacyEws === 'on' || microsoftLegacyEws === 'off') return microsoftLegacyEws === 'on';
  const received = JSON.stringify(microsoftLegacyEws);
  throw new CalendarConnectError('option_invalid', `MICROSOFT_LEGACY_EWS: expected on or off, received ${received}`);
}

/** What to tell the operator at the start about EWS, if anything. */
export function noteOnLegacyEws(settings: Settings): readonly string[] {
  return legacyEwsOf(settings) ? [LEGACY_EWS_NOTE] : [];
}
