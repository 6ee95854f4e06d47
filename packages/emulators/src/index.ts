export { createGoogleEmulator, type GoogleEmulator, type GoogleEmulatorOptions } from './google/create-google-emulator.ts';
export { startGoogleEmulator, type RunningGoogleEmulator, type StartGoogleEmulatorOptions } from './google/start-google-emulator.ts';
export type { GoogleControl } from './google/control.ts';
export type { EndpointGroup, Fault } from './google/faults.ts';
export type { GoogleClient } from './google/oauth/clients.ts';
export type { LoggedRequest } from './serving/request-log.ts';
export type { GoogleSwitches, IdTokenFault } from './google/switches.ts';
export type { EventAttendee, EventFields, EventSeed, EventTime, ExtendedProperties, StoredEvent } from './google/world/events.ts';
export type { AccessRole, CalendarSeed, GoogleUser, UserSeed } from './google/world/world.ts';
export { startMailboxEmulator, type RunningMailboxEmulator, type StartMailboxEmulatorOptions } from './mailbox/start-mailbox-emulator.ts';
export type { CaughtMail, MailAttachment, MailContents, MailEnvelope, NamedAddress } from './mailbox/caught-mail.ts';
export type { MailboxControl, WaitForMail } from './mailbox/control.ts';
export type { MailFault } from './mailbox/faults.ts';
export type { CalendarAddress, CalendarEvent, CalendarPart, CalendarTime } from './mailbox/read-calendar.ts';
export type { MailLogin } from './mailbox/smtp-listener.ts';
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
export type { RegisteredClient } from './oauth/registered-clients.ts';
export type { Account } from './serving/accounts.ts';
export type { StoredMeeting } from './serving/meeting-store.ts';
export type { ServiceControl } from './serving/service-control.ts';
export type { FaultStatus, ServiceEndpointGroup, ServiceFault } from './serving/service-faults.ts';
export type { ServiceOptions, ServiceSwitches, ServiceUserSeed } from './serving/service-parts.ts';
export { createZoomEmulator, type ZoomControl, type ZoomEmulator, type ZoomEmulatorOptions } from './zoom/create-zoom-emulator.ts';
export type { ZoomMeeting, ZoomMeetingFields } from './zoom/meetings.ts';
export { startZoomEmulator, type RunningZoomEmulator, type StartZoomEmulatorOptions } from './zoom/start-zoom-emulator.ts';
export type { ZoomSwitches } from './zoom/switches.ts';
export type { GivenConference, MadeConference, StoredConference } from './google/world/conferences.ts';
export type { MeetSpace } from './meet/spaces.ts';
export type { StoredOnlineMeeting } from './microsoft/graph/online-meetings.ts';
export type { OnlineMeetingInfo, OnlineMeetingProvider } from './microsoft/mailbox/online-meeting.ts';
export { createGoToEmulator, type GoToControl, type GoToEmulator, type GoToEmulatorOptions } from './goto/create-goto-emulator.ts';
export type { GoToMeeting, GoToMeetingFields } from './goto/meetings.ts';
export { startGoToEmulator, type RunningGoToEmulator, type StartGoToEmulatorOptions } from './goto/start-goto-emulator.ts';
export type { GoToSwitches } from './goto/switches.ts';
export { createWebexEmulator, type WebexControl, type WebexEmulator, type WebexEmulatorOptions } from './webex/create-webex-emulator.ts';
export type { WebexMeeting, WebexMeetingFields } from './webex/meetings.ts';
export { startWebexEmulator, type RunningWebexEmulator, type StartWebexEmulatorOptions } from './webex/start-webex-emulator.ts';
export { startExchangeEmulator, type ExchangeNetwork, type RunningExchangeEmulator } from './exchange/start-exchange-emulator.ts';
export type { AutodiscoverAnswer } from './exchange/autodiscover/answers.ts';
export type { CertificateKind } from './exchange/certificates/host-certificates.ts';
export type { ExchangeControl } from './exchange/control.ts';
export type { AccountState, ExchangePerson, ExchangePersonSeed } from './exchange/directory/people.ts';
export type { RoomListSeed } from './exchange/directory/rooms.ts';
export type { ExchangeFault } from './exchange/faults.ts';
export type { ExchangeHost, ExchangeHostSeed } from './exchange/network/hosts.ts';
export type { MxRecord, NameLookup, SrvRecord } from './exchange/network/name-service.ts';
export type { ExchangeEmulatorOptions } from './exchange/options.ts';
export type { ExchangeRequest, SentCredentials } from './exchange/request-log.ts';
export type { AuthenticationScheme, ExchangeSite, Site as ExchangeHostSite, WebSite } from './exchange/sites/site.ts';
export type { ExchangeSwitches } from './exchange/switches.ts';
export type { ExchangeVersion } from './exchange/versions.ts';
