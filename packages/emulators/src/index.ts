export { createGoogleEmulator, type GoogleEmulator, type GoogleEmulatorOptions } from './google/create-google-emulator.ts';
export { startGoogleEmulator, type RunningGoogleEmulator, type StartGoogleEmulatorOptions } from './google/start-google-emulator.ts';
export type { GoogleControl } from './google/control.ts';
export type { EndpointGroup, Fault } from './google/faults.ts';
export type { GoogleClient } from './google/oauth/clients.ts';
export type { LoggedRequest } from './google/request-log.ts';
export type { GoogleSwitches, IdTokenFault } from './google/switches.ts';
export type { EventAttendee, EventFields, EventSeed, EventTime, ExtendedProperties, StoredEvent } from './google/world/events.ts';
export type { AccessRole, CalendarSeed, GoogleUser, UserSeed } from './google/world/world.ts';
