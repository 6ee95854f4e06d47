import { CalendarConnectError } from '../errors.ts';

/** One setting: its flag, its environment variable, and what `--help` says of it. */
export interface SettingDefinition {
  readonly flag?: string;
  readonly variable: string;
  /** Variables that other programs read for the same, in this order after ours. */
  readonly alsoRead?: readonly string[];
  readonly value: string;
  readonly help: string;
}

/** The settings by the names they have inside. */
export type SettingName =
  | 'port'
  | 'host'
  | 'url'
  | 'data'
  | 'databaseUrl'
  | 'databasePoolSize'
  | 'keys'
  | 'googleClientId'
  | 'googleClientSecret'
  | 'googleFreeBusyScopes'
  | 'microsoftClientId'
  | 'microsoftClientSecret'
  | 'microsoftLegacyEws'
  | 'exchange'
  | 'googleMeet'
  | 'microsoftTeams'
  | 'zoomClientId'
  | 'zoomClientSecret'
  | 'webexClientId'
  | 'webexClientSecret'
  | 'gotoClientId'
  | 'gotoClientSecret'
  | 'outboundAllow'
  | 'outboundPorts'
  | 'outboundProxy'
  | 'outboundCa'
  | 'outboundOldTls'
  | 'egressAddresses'
  | 'smtpUrl'
  | 'mailFrom'
  | 'trustedProxies'
  | 'adminKey';

/** Every setting there is. Flags beat the environment; this is the only place that reads it. */
export const SETTINGS: Readonly<Record<SettingName, SettingDefinition>> = {
  port: {
    flag: 'port',
    variable: 'PORT',
    value: 'N',
    help: 'port to listen on, on IPv4 and IPv6 loopback unless HOST says otherwise (default 8787)',
  },
  host: {
    variable: 'HOST',
    value: 'ADDRESS',
    help: 'address to listen on instead of loopback, such as 0.0.0.0 in a container; needs TRUSTED_PROXIES, because plain http is spoken there',
  },
  url: {
    flag: 'url',
    variable: 'PUBLIC_URL',
    value: 'PUBLIC_URL',
    help: 'address that browsers and partners use (default http://localhost:PORT)',
  },
  data: {
    flag: 'data',
    variable: 'CALENDAR_CONNECT_DATA',
    value: 'DIR',
    help: 'folder of the database and, without CALENDAR_CONNECT_KEYS, of the key (default .calendar-connect)',
  },
  databaseUrl: {
    variable: 'DATABASE_URL',
    value: 'postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    help: 'PostgreSQL instead of a file, for any number of backends with the same keys; TLS is verified (?sslrootcert=FILE, ?sslmode=…)',
  },
  databasePoolSize: { variable: 'DATABASE_POOL_SIZE', value: 'N', help: 'connections to PostgreSQL at most, of each backend (default 10)' },
  keys: {
    variable: 'CALENDAR_CONNECT_KEYS',
    value: 'ID:KEY[,…]',
    help: 'encryption keys, 32 bytes in base64url each, the active one first; without it a key file is made in the data folder',
  },
  googleClientId: {
    variable: 'GOOGLE_CLIENT_ID',
    value: 'ID',
    help: 'OAuth client id at Google; switches Google on together with the secret',
  },
  googleClientSecret: { variable: 'GOOGLE_CLIENT_SECRET', value: 'SECRET', help: 'OAuth client secret at Google' },
  googleFreeBusyScopes: {
    variable: 'GOOGLE_FREE_BUSY_SCOPES',
    value: 'SCOPE',
    help: 'calendar.events.freebusy (default: all calendars) or calendar.freebusy (non-sensitive at Google: primary calendar only)',
  },
  microsoftClientId: {
    variable: 'MICROSOFT_CLIENT_ID',
    value: 'ID',
    help: 'application (client) id of the app registration at Microsoft, a GUID; switches Microsoft on together with the secret',
  },
  microsoftClientSecret: {
    variable: 'MICROSOFT_CLIENT_SECRET',
    value: 'SECRET',
    help: 'client secret at Microsoft: its value, not its id',
  },
  microsoftLegacyEws: {
    variable: 'MICROSOFT_LEGACY_EWS',
    value: 'on',
    help: 'full access by Exchange Web Services instead of Microsoft Graph; Microsoft ends them on 2027-04-01, and this with them (default off)',
  },
  exchange: {
    variable: 'EXCHANGE',
    value: 'on',
    help: 'Exchange servers of organisations, 2007 SP1 and newer: people sign in with their password on a page of this backend (default off)',
  },
  googleMeet: {
    variable: 'GOOGLE_MEET',
    value: 'on',
    help: 'Google Meet for meetings, with the client at Google; it needs the Google Meet REST API and its scope meetings.space.created there (default off)',
  },
  microsoftTeams: {
    variable: 'MICROSOFT_TEAMS',
    value: 'on',
    help: 'Microsoft Teams for meetings, with the client at Microsoft; it needs the delegated permission OnlineMeetings.ReadWrite there (default off)',
  },
  zoomClientId: {
    variable: 'ZOOM_CLIENT_ID',
    value: 'ID',
    help: 'client id of a General app at Zoom; switches Zoom on for meetings together with the secret',
  },
  zoomClientSecret: { variable: 'ZOOM_CLIENT_SECRET', value: 'SECRET', help: 'client secret at Zoom' },
  webexClientId: {
    variable: 'WEBEX_CLIENT_ID',
    value: 'ID',
    help: 'client id of an Integration at Webex; switches Webex on for meetings together with the secret',
  },
  webexClientSecret: { variable: 'WEBEX_CLIENT_SECRET', value: 'SECRET', help: 'client secret at Webex' },
  gotoClientId: {
    variable: 'GOTO_CLIENT_ID',
    value: 'ID',
    help: 'client id of an OAuth client at GoTo; switches GoTo on for meetings together with the secret',
  },
  gotoClientSecret: { variable: 'GOTO_CLIENT_SECRET', value: 'SECRET', help: 'client secret at GoTo' },
  trustedProxies: {
    variable: 'TRUSTED_PROXIES',
    value: 'ADDRESS[,…]',
    help: 'proxies in front that speak TLS and tell the client in X-Forwarded-For: addresses, blocks such as 10.0.0.0/8, loopback, private',
  },
  outboundAllow: {
    variable: 'OUTBOUND_ALLOW',
    value: 'ENTRY[,…]',
    help: 'what may be asked besides the public internet where people type an address: mail.corp.example[:PORT], 10.20.0.0/16, loopback',
  },
  outboundPorts: { variable: 'OUTBOUND_PORTS', value: 'N[,…]', help: 'ports that may be asked there besides 443' },
  outboundProxy: {
    variable: 'OUTBOUND_PROXY',
    alsoRead: ['HTTPS_PROXY', 'https_proxy'],
    value: 'URL',
    help: 'egress proxy for everything, such as http://user:password@proxy:3128 (or HTTPS_PROXY; NO_PROXY is not read)',
  },
  outboundCa: { variable: 'OUTBOUND_CA', value: 'FILE', help: 'certificates (PEM) of authorities to trust besides the usual ones' },
  outboundOldTls: {
    variable: 'OUTBOUND_OLD_TLS',
    value: 'HOST[,…]',
    help: 'Exchange servers that know no newer TLS than 1.0 or 1.1, exactly these; it protects little (doctor exchange says where it is needed)',
  },
  egressAddresses: {
    variable: 'EGRESS_ADDRESSES',
    value: 'ADDRESS[,…]',
    help: 'what requests of this backend come from, as firewalls of others see it: people are told, and doctor exchange tells their IT team',
  },
  smtpUrl: {
    variable: 'SMTP_URL',
    value: 'smtp://USER:PASSWORD@HOST:587',
    help: 'server that mail leaves by, with STARTTLS, or smtps://…:465; special characters percent-encoded; without it: no mail, no invitation, no mode no_access',
  },
  adminKey: {
    variable: 'ADMIN_KEY',
    value: 'KEY',
    help: 'opens the admin API, /admin/…, to whoever shows this key: at least 32 visible ASCII characters (default: there is none)',
  },
  mailFrom: { variable: 'MAIL_FROM', value: 'NAME <ADDRESS>', help: 'whom mails are from; needed with SMTP_URL' },
};

/** The values of all settings that are there. */
export type Settings = Readonly<Partial<Record<SettingName, string>>>;

/** Reads the settings: flags first, then the environment. */
export function readSettings(flags: Readonly<Record<string, unknown>>, environment: NodeJS.ProcessEnv): Settings {
  const entries = Object.entries(SETTINGS).map(([name, definition]) => {
    const flag = definition.flag === undefined ? undefined : flags[definition.flag];
    const variables = [definition.variable, ...(definition.alsoRead ?? [])];
    const found = () => variables.map((variable) => fromEnvironment(name, environment[variable])).find((value) => value !== undefined);
    return [name, typeof flag === 'string' ? flag : found()];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Settings;
}

/** Empty counts as absent, except for the keys: somebody meant to give some, and nothing may be made in their place. */
function fromEnvironment(name: string, value: string | undefined): string | undefined {
  return value === '' && name !== 'keys' ? undefined : value;
}

/** @throws CalendarConnectError `option_invalid` */
export function readPort(settings: Settings): number {
  const text = settings.port ?? '8787';
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port >= 1 && port <= 65_535)) {
    throw new CalendarConnectError('option_invalid', `--port: expected a number from 1 to 65535, received ${JSON.stringify(text)}`);
  }
  return port;
}
