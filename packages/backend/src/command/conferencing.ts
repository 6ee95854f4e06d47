import { CalendarConnectError } from '../errors.ts';
import { goTo } from '../providers/goto/goto.ts';
import { googleMeet } from '../providers/google-meet/google-meet.ts';
import { microsoftTeams } from '../providers/microsoft-teams/microsoft-teams.ts';
import type { ConferencingService } from '../providers/provider.ts';
import { webex } from '../providers/webex/webex.ts';
import { zoom } from '../providers/zoom/zoom.ts';
import { SETTINGS, type SettingName, type Settings } from './settings.ts';

/** The conferencing services that are set up, and one sentence on each that is there or not. */
export interface ConferencingSetup {
  readonly conferencing: readonly ConferencingService[];
  readonly notes: readonly string[];
}

/** The settings of a service's client, and what they make. */
interface ServiceSettings {
  readonly name: string;
  readonly clientId: SettingName;
  readonly clientSecret: SettingName;
  /** Off unless this is `on`: the client is there for a calendar, and does not serve both before somebody has changed it at the vendor. */
  readonly switchedBy?: { readonly setting: SettingName; readonly needs: string };
  readonly make: (client: ConferencingService['client']) => ConferencingService;
}

const SERVICES: readonly ServiceSettings[] = [
  { name: 'Zoom', clientId: 'zoomClientId', clientSecret: 'zoomClientSecret', make: zoom },
  {
    name: 'Google Meet',
    clientId: 'googleClientId',
    clientSecret: 'googleClientSecret',
    switchedBy: {
      setting: 'googleMeet',
      needs: 'the Google Meet REST API in the project at Google, and its scope meetings.space.created on the consent screen',
    },
    make: googleMeet,
  },
  {
    name: 'Microsoft Teams',
    clientId: 'microsoftClientId',
    clientSecret: 'microsoftClientSecret',
    switchedBy: {
      setting: 'microsoftTeams',
      needs: 'the delegated permission OnlineMeetings.ReadWrite in the app registration at Microsoft',
    },
    make: microsoftTeams,
  },
  { name: 'Webex', clientId: 'webexClientId', clientSecret: 'webexClientSecret', make: webex },
  { name: 'GoTo', clientId: 'gotoClientId', clientSecret: 'gotoClientSecret', make: goTo },
];

/** Switches on every service whose settings are complete, and says what the others lack. @throws CalendarConnectError `option_invalid` */
export function conferencingFrom(settings: Settings): ConferencingSetup {
  const setups = SERVICES.map((service) => setUp(service, settings));
  return { conferencing: setups.flatMap(({ conferencing }) => conferencing), notes: setups.flatMap(({ notes }) => notes) };
}

function setUp({ name, make, ...by }: ServiceSettings, settings: Settings): ConferencingSetup {
  const { switchedBy } = by;
  if (switchedBy !== undefined && !isOn(switchedBy.setting, settings)) {
    const note = `${name}: off; set ${SETTINGS[switchedBy.setting].variable}=on to switch it on; it needs ${switchedBy.needs}`;
    return { conferencing: [], notes: [note] };
  }
  const client = { clientId: settings[by.clientId], clientSecret: settings[by.clientSecret] };
  if (client.clientId === undefined || client.clientSecret === undefined) {
    const lacking = [by.clientId, by.clientSecret].filter((setting) => settings[setting] === undefined);
    const variables = lacking.map((setting) => SETTINGS[setting].variable).join(' and ');
    return { conferencing: [], notes: [`${name}: off; set ${variables} to switch it on`] };
  }
  const service = make({ clientId: client.clientId, clientSecret: client.clientSecret });
  return { conferencing: [service], notes: [`${name}: on (meetings)`] };
}

function isOn(setting: SettingName, settings: Settings): boolean {
  const value = settings[setting] ?? 'off';
  if (value === 'on' || value === 'off') return value === 'on';
  const { variable } = SETTINGS[setting];
  throw new CalendarConnectError('option_invalid', `${variable}: expected on or off, received ${JSON.stringify(value.slice(0, 100))}`);
}
