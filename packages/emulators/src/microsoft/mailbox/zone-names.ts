import type { TimeZones } from '../../time-zones.ts';

/** The Windows names that Outlook writes, of the zones somebody tests with, and their IANA names (CLDR `windowsZones`). */
const WINDOWS_ZONES: ReadonlyMap<string, string> = new Map([
  ['UTC', 'UTC'],
  ['GMT Standard Time', 'Europe/London'],
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['Romance Standard Time', 'Europe/Paris'],
  ['Central Europe Standard Time', 'Europe/Budapest'],
  ['Central European Standard Time', 'Europe/Warsaw'],
  ['E. Europe Standard Time', 'Europe/Chisinau'],
  ['FLE Standard Time', 'Europe/Kiev'],
  ['Eastern Standard Time', 'America/New_York'],
  ['Central Standard Time', 'America/Chicago'],
  ['Mountain Standard Time', 'America/Denver'],
  ['Pacific Standard Time', 'America/Los_Angeles'],
  ['India Standard Time', 'Asia/Calcutta'],
  ['China Standard Time', 'Asia/Shanghai'],
  ['Tokyo Standard Time', 'Asia/Tokyo'],
  ['AUS Eastern Standard Time', 'Australia/Sydney'],
  ['New Zealand Standard Time', 'Pacific/Auckland'],
]);

/** Returns the IANA zone of a name as Outlook takes it, a Windows or an IANA one; `undefined` for anything else. */
export function ianaZone(name: string, zones: TimeZones): string | undefined {
  return WINDOWS_ZONES.get(name) ?? (zones.has(name) ? name : undefined);
}

/** Returns the Windows name of a zone, or the name itself where the emulator has none. */
export function windowsZone(iana: string): string {
  return [...WINDOWS_ZONES].find(([, zone]) => zone === iana)?.[0] ?? iana;
}
