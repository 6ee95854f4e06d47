export { createGoogleEmulator, type GoogleEmulator, type GoogleEmulatorOptions } from './google/create-google-emulator.ts';
export { startGoogleEmulator, type RunningGoogleEmulator, type StartGoogleEmulatorOptions } from './google/start-google-emulator.ts';
export type { GoogleControl } from './google/control.ts';
export type { EndpointGroup, Fault } from './google/faults.ts';
export type { GoogleClient } from './google/oauth/clients.ts';
export type { LoggedRequest } from './serving/request-log.ts';
export type { GoogleSwitches, IdTokenFault } from './google/switches.ts';
export type { EventAttendee, EventFields, EventSeed, EventTime, ExtendedProperties, StoredEvent } from './google/world/events.ts';
export type { AccessRole, CalendarSeed, GoogleUser, UserSeed } from './google/world/world.ts';
export { createMicrosoftEmulator, type MicrosoftEmulator, type MicrosoftEmulatorOptions } from './microsoft/create-microsoft-emulator.ts';
export {
  startMicrosoftEmulator,
  type RunningMicrosoftEmulator,
  type StartMicrosoftEmulatorOptions,
} from './microsoft/start-microsoft-emulator.ts';
export type { ApprovalRequest } from './microsoft/approval-requests.ts';
export type { Approval, MicrosoftControl } from './microsoft/control.ts';
export type { MailboxPlace, MicrosoftUser, UserSeed as MicrosoftUserSeed } from './microsoft/directory/people.ts';
export {
  CONSUMERS_TENANT_ID,
  type ConsentPolicy,
  type Tenant as MicrosoftTenant,
  type TenantSeed as MicrosoftTenantSeed,
} from './microsoft/directory/tenants.ts';
export type { MicrosoftEndpointGroup, MicrosoftFault } from './microsoft/faults.ts';
export type {
  Attendee as MicrosoftAttendee,
  CalendarSeed as MicrosoftCalendarSeed,
  DateTimeTimeZone,
  EventFields as MicrosoftEventFields,
  EventSeed as MicrosoftEventSeed,
  PatternedRecurrence,
  ShowAs,
  StoredEvent as MicrosoftStoredEvent,
} from './microsoft/mailbox/events.ts';
export { AADSTS_CODES } from './microsoft/oauth/aadsts-table.ts';
export type { MicrosoftClient, SignInAudience } from './microsoft/oauth/clients.ts';
export type { MicrosoftEnv } from './microsoft/parts.ts';
export type { MicrosoftIdTokenFault, MicrosoftSwitches } from './microsoft/switches.ts';
