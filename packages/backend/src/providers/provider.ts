import type { AccessMode, FailureReason } from '@calendar-connect/protocol';
import type { Network } from '../outbound/network.ts';

/** An OAuth client at a provider: the operator's, or an application's own. A refresh token works with no other than the one that got it. */
export interface ProviderClient {
  /** Our id of it, `pcl_` and 24 hex digits: what sessions and profiles remember. */
  readonly id: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Whose login was connected, as the provider itself proves it. */
export interface Identity {
  /** The provider's stable id of the login (Google's `sub`, Microsoft's `tid` and `oid`). Accounts are matched by it and never by e-mail. */
  readonly subject: string;
  /** A label for people: mostly the e-mail address. */
  readonly name: string;
  readonly email: string | undefined;
  /** The organisation the login belongs to (Google's `hd`, Microsoft's `tid` of a work account), where there is one. */
  readonly organisation: string | undefined;
}

/** What the provider gave us to act with. Sealed wherever it is stored. */
export interface Credential {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly accessTokenExpiresAtMs: number;
  readonly refreshToken: string;
  /** In the provider's own spelling, normalised so that they compare with {@link ProviderMode.scopes}. */
  readonly grantedScopes: readonly string[];
  /** When the whole grant ends by itself, where the person gave it for a time only. Milliseconds since 1970. */
  readonly endsAtMs: number | undefined;
  /** The mail address of the mailbox, where the provider routes calls by it. */
  readonly mailbox?: string;
}

/** What one access mode means at a provider. */
export interface ProviderMode {
  /** What is asked for, exactly; all of it must be granted. */
  readonly scopes: readonly string[];
  /** What `provider_name` of an authorization request may call it, such as `google_free_busy`; the first is the one we use ourselves. */
  readonly requestNames: readonly [string, ...string[]];
  /** For people, in plain words: why more is asked for than is used, where it is. */
  readonly note?: string;
}

/** There is no connection, for a reason that is nobody's wish. */
export interface ConnectFailure {
  readonly outcome: 'failed';
  readonly reason: FailureReason;
  /** The provider's own code, such as `AADSTS50105`, where it named one. Shown to the person: letters and digits, and nothing else of the provider's text. */
  readonly code?: string;
  readonly operatorHint: string;
}

/** What the provider's answer at our callback says before any token request. */
export type CallbackReading =
  | { readonly outcome: 'code'; readonly code: string }
  | { readonly outcome: 'declined' }
  /** The person may not allow this; an administrator of their organisation may, or perhaps may: the provider does not always say which. */
  | { readonly outcome: 'admin_approval_needed'; readonly operatorHint: string }
  /** The person has to be asked something: mostly of a trip with {@link AuthorizationRequest.interaction} `none`. */
  | { readonly outcome: 'interaction_required'; readonly code?: string; readonly operatorHint: string }
  | ConnectFailure;

/** How an exchange of the provider's code ended. Only surprises are thrown. */
export type ExchangeOutcome =
  | { readonly outcome: 'connected'; readonly identity: Identity; readonly credential: Credential }
  /** The person left boxes unticked. What was granted has to be given back. */
  | {
      readonly outcome: 'scopes_missing';
      readonly missing: readonly string[];
      readonly identity: Identity | undefined;
      readonly credential: Credential;
    }
  | { readonly outcome: 'admin_approval_needed'; readonly operatorHint: string }
  | ConnectFailure;

/** How a refresh ended. */
export type RefreshOutcome =
  | { readonly outcome: 'refreshed'; readonly credential: Credential }
  /** The grant is dead for good: the person has to connect again. */
  | { readonly outcome: 'rejected'; readonly operatorHint: string }
  /** The grant lives, and the provider wants to see the person before it gives anything for it: a second factor, a condition of the organisation. */
  | { readonly outcome: 'interaction_required'; readonly operatorHint: string }
  /** Nothing is known about the grant; try again, at the earliest after `retryAfterMs`. */
  | Unavailable;

/** Nobody can be blamed for it but the provider, the way to it, or ourselves. */
export interface Unavailable {
  readonly outcome: 'unavailable';
  readonly retryAfterMs: number | undefined;
  readonly operatorHint: string;
  /** It stays so until the operator does something: our own client is not accepted. No person is disconnected for that. */
  readonly needsOperator?: true;
}

/** What a revocation really did. */
export type RevokeOutcome =
  | { readonly outcome: 'revoked' }
  | { readonly outcome: 'already_gone' }
  /** The provider has no way to do it: the grant is forgotten here, and stays there until the person removes it. */
  | { readonly outcome: 'unsupported' }
  | Unavailable;

/** What an authorization URL is made of. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly mode: AccessMode;
  readonly state: string;
  readonly nonce: string;
  /** PKCE verifier; the URL carries its S256 challenge. */
  readonly codeVerifier: string;
  /** The login that the person used before, as the provider names it. */
  readonly loginHint: string | undefined;
  /**
   * `choose`: the person chooses the account. `continue`: where the provider knows who it is, it asks no more than it must. `none`: it shows
   * nothing at all and says at once whether it could go on.
   */
  readonly interaction: 'choose' | 'continue' | 'none';
}

/** What the exchange of a provider's code needs. */
export interface ExchangeRequest {
  readonly redirectUri: string;
  readonly mode: AccessMode;
  readonly code: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** The part of a provider that makes, keeps and ends a connection. Loaded when first used. */
export interface OAuthConnect {
  authorizationUrl(client: ProviderClient, request: AuthorizationRequest): URL;
  /** Reads the query of the callback; knows nothing of state and cookie, which were checked before. */
  readCallback(query: URLSearchParams): CallbackReading;
  /**
   * Says to the person in one sentence what a {@link ConnectFailure.code} means. It takes the place of what the reason says has happened, beside
   * the reason's own sentence of what to do.
   */
  explain?(code: string): string | undefined;
  exchange(client: ProviderClient, request: ExchangeRequest): Promise<ExchangeOutcome>;
  refresh(client: ProviderClient, credential: Credential): Promise<RefreshOutcome>;
  revoke(client: ProviderClient, credential: Credential): Promise<RevokeOutcome>;
}

/** One calendar of a connected login, reduced at ingestion to what its access mode may hold. */
export interface ProviderCalendar {
  /** The provider's own id. Often an e-mail address: sealed wherever it is stored. */
  readonly providerCalendarId: string;
  /** Absent where the mode may not hold titles. */
  readonly name: string | undefined;
  readonly primary: boolean;
  readonly readonly: boolean;
  /** Whether events there can get the provider's own conferencing. */
  readonly integratedConferencing: boolean;
}

/** How a call to a provider's calendar API ended. */
export type CalendarOutcome<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  /** The access token was not accepted: refresh once and ask again. */
  | { readonly outcome: 'unauthorized' }
  /** The grant does not allow this; the person has to connect again. */
  | { readonly outcome: 'forbidden'; readonly operatorHint: string }
  /** The login is good and has no calendar here: its mailbox is on a server of the organisation's own, or there is none. */
  | { readonly outcome: 'no_mailbox'; readonly operatorHint: string }
  | Unavailable;

/** How reading one calendar ended, where {@link CalendarOutcome} does not say enough. */
export type CalendarAccessOutcome<T> =
  | CalendarOutcome<T>
  /** There is no such calendar or event, or none that this login may know of. */
  | { readonly outcome: 'not_found'; readonly operatorHint: string }
  /** The grant is good, and this calendar or event is not open to it: read-only, or somebody else's. To connect again changes nothing. */
  | { readonly outcome: 'denied'; readonly operatorHint: string };

/** How changing an event ended. */
export type EventChangeOutcome<T> =
  | CalendarAccessOutcome<T>
  /** Somebody changed the event since the etag was read; or the idempotency key made another event, or one that is deleted. */
  | { readonly outcome: 'conflict'; readonly operatorHint: string }
  /** The provider does not take what was asked for. */
  | { readonly outcome: 'invalid'; readonly operatorHint: string };

/** When something is, its end excluded. Whole days are dates: they are the same days wherever the person travels. */
export type TimeSpan =
  /** Milliseconds since 1970. */
  | { readonly allDay: false; readonly startMs: number; readonly endMs: number }
  /** `2026-11-19`; `endDate` is the day after the last. */
  | { readonly allDay: true; readonly startDate: string; readonly endDate: string };

/**
 * What a span of time says of somebody's availability. Where nothing is said, they are free; `unknown` is never to be read so.
 *
 * Partners know no finer ones ([free_busy_status](https://docs.cronofy.com/developers/api/events/free-busy/)), and what nobody asks for is
 * not kept: out of office is `busy`, and working elsewhere is `free`, as providers count it.
 */
export type FreeBusyStatus = 'busy' | 'tentative' | 'free' | 'unknown';

/** What is known of one calendar for one span of time, and nothing of why. */
export interface FreeBusySpan {
  /** As it was asked for; the provider's own name of the primary calendar where none was. */
  readonly providerCalendarId: string;
  readonly status: FreeBusyStatus;
  readonly time: TimeSpan;
}

/** A range of time. Milliseconds since 1970, `toMs` excluded. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What to tell the availability of. */
export interface FreeBusyQuery extends TimeRange {
  readonly mode: AccessMode;
  /** Default: the primary calendar alone. */
  readonly calendarIds?: readonly string[] | undefined;
}

/** How an event shows to those who ask when its owner is free. */
export type ShowAs = 'busy' | 'tentative' | 'out_of_office' | 'working_elsewhere' | 'free' | 'unknown';

/** Who of those that may see a calendar may see what an event is about. */
export type Sensitivity = 'normal' | 'personal' | 'private' | 'confidential';

/** What somebody answered to an invitation. */
export type ParticipationStatus = 'needs_action' | 'accepted' | 'declined' | 'tentative' | 'unknown';

/** Somebody at an event. */
export interface EventPerson {
  readonly email: string | undefined;
  readonly name: string | undefined;
}

/** One event, or one occurrence of a series, of a login in full mode. */
export interface ProviderEvent {
  readonly providerEventId: string;
  readonly providerCalendarId: string;
  /** The iCalendar UID. Google's is one for all occurrences of a series, Microsoft's one for each. */
  readonly uid: string | undefined;
  /** The event that this is an occurrence of. */
  readonly seriesId: string | undefined;
  /** Changes with every change; for {@link EventToChange.etag}. */
  readonly etag: string | undefined;
  readonly title: string | undefined;
  /** Plain text at Microsoft; Google gives what was typed, which may be HTML. */
  readonly description: string | undefined;
  readonly location: string | undefined;
  readonly time: TimeSpan;
  /** The IANA zone in which the event was made, where the provider says one that can be named. */
  readonly timeZone: string | undefined;
  readonly showAs: ShowAs;
  readonly sensitivity: Sensitivity;
  readonly cancelled: boolean;
  readonly organizer: EventPerson | undefined;
  readonly attendees: readonly (EventPerson & { readonly status: ParticipationStatus })[];
  /** What the owner of the calendar answered; `accepted` for one's own events. */
  readonly participation: ParticipationStatus;
  /** Where the meeting is online. */
  readonly meetingUrl: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdMs: number | undefined;
  readonly updatedMs: number | undefined;
}

/** What an event is to say. */
export interface EventDraft {
  readonly title: string;
  readonly time: TimeSpan;
  /** The IANA zone to show it in; it never moves the event. Default: UTC. */
  readonly timeZone?: string | undefined;
  /** Plain text. */
  readonly description?: string | undefined;
  readonly location?: string | undefined;
  /** They are invited by the provider, by mail. */
  readonly attendees?: readonly { readonly email: string; readonly name?: string | undefined }[] | undefined;
  /** Default `busy`. Where a provider does not have one of them, the nearest that does not say more time is free. */
  readonly showAs?: Exclude<ShowAs, 'unknown'> | undefined;
  /** Default `normal`. */
  readonly sensitivity?: Sensitivity | undefined;
}

/** An event to be made. */
export interface EventToCreate {
  readonly calendarId: string;
  /** Made once however often it is asked for with this key, which the caller keeps: 1 to 200 characters. A key is not used again for another event. */
  readonly idempotencyKey: string;
  readonly event: EventDraft;
}

/** Which event to change or delete. */
export interface EventToChange {
  readonly calendarId: string;
  readonly eventId: string;
  /** Where it is given, an event that was changed since is a `conflict`. */
  readonly etag?: string | undefined;
}

/**
 * The part of a provider that reads and changes calendars. Loaded when first used.
 *
 * Answers are whole or errors: pages are followed to the end, one after the other, and half a list is never given. Nothing is refreshed
 * and nothing repeated: that is the caller's, who knows the lease on the credential.
 *
 * @throws RangeError where the end of a range is not after its start
 */
export interface CalendarReader {
  listCalendars(credential: Credential, mode: AccessMode): Promise<CalendarOutcome<readonly ProviderCalendar[]>>;
  /** Tells when somebody is free, cut to the range; spans of one calendar and status neither overlap nor touch. Whole days are given whole. */
  freeBusy(credential: Credential, query: FreeBusyQuery): Promise<CalendarAccessOutcome<readonly FreeBusySpan[]>>;
  /** Lists the events that are at least in part in the range, each occurrence of a series by itself. For full mode only. */
  listEvents(
    credential: Credential,
    query: TimeRange & { readonly calendarId: string },
  ): Promise<CalendarAccessOutcome<readonly ProviderEvent[]>>;
  createEvent(credential: Credential, request: EventToCreate): Promise<EventChangeOutcome<ProviderEvent>>;
  /** Changes what is named; what is absent stays. */
  updateEvent(
    credential: Credential,
    request: EventToChange & { readonly changes: Partial<EventDraft> },
  ): Promise<EventChangeOutcome<ProviderEvent>>;
  /** What is gone already is deleted. */
  deleteEvent(credential: Credential, request: EventToChange): Promise<EventChangeOutcome<undefined>>;
}

/**
 * A calendar provider: a light manifest, and parts that are loaded when first used, because the vendors' libraries are heavy.
 *
 * Shared code never asks which provider it has; a difference is a field or a method here.
 */
export interface Provider {
  /** As in addresses and in our database: `google`. */
  readonly id: string;
  /** As people know it. */
  readonly name: string;
  /** Every access mode it can do; one that is absent does not exist here. */
  readonly modes: Readonly<Partial<Record<AccessMode, ProviderMode>>>;
  /** The operator's own client. */
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  /** As partners see it in `provider_protocol`, where they see one at all: `graph_api`. */
  providerProtocol?(credential: Credential): string;
  /** As partners see it in `provider_name`, such as `google_free_busy`. */
  providerName(identity: Identity, mode: AccessMode): string;
  /** As partners see it in `provider_service`, such as `gsuite`. */
  providerService(identity: Identity, mode: AccessMode): string;
  /** The backend says by which doors to reach the network; without it a provider has its own. */
  connect(network?: Network): Promise<OAuthConnect>;
  calendar(network?: Network): Promise<CalendarReader>;
  /** Absent where no administrator is ever asked, or nobody but the provider can ask one. */
  adminApproval?(network?: Network): Promise<AdminApproval>;
}

/** What is known of an organisation before anybody of it has proven anything. */
export type OrganisationReading =
  | { readonly outcome: 'found'; readonly organisation: string }
  /** A private account: there is no administrator. */
  | { readonly outcome: 'personal' }
  /** The provider knows no such organisation. */
  | { readonly outcome: 'unknown' }
  | Unavailable;

/** What came back from the page on which an administrator approves. Nothing of it is proof. */
export type ApprovalReading =
  | { readonly outcome: 'approved' }
  | { readonly outcome: 'declined' }
  | {
      readonly outcome: 'failed';
      /** `not_administrator`: they may not allow it, or turned back. `other_organisation`: their account is not of the organisation. */
      readonly because: 'not_administrator' | 'other_organisation' | 'unavailable';
      readonly operatorHint: string;
    };

/** One thing that an administrator may do about an approval, with what to paste. */
export interface AdminInstruction {
  readonly heading: string;
  readonly text: string;
  /** Lines for a shell, where there are any. */
  readonly commands?: readonly string[];
}

/** The part of a provider by which an administrator allows for an organisation what its people may not allow themselves. Loaded when first used. */
export interface AdminApproval {
  /** Finds the organisation of a work address, or of a domain alone. It only asks the provider's public directory. */
  findOrganisation(emailOrDomain: string): Promise<OrganisationReading>;
  /** Where an administrator of that organisation, or of whichever they sign in to, approves what `mode` asks for. */
  approvalUrl(
    client: ProviderClient,
    request: {
      readonly redirectUri: string;
      readonly mode: AccessMode;
      readonly state: string;
      readonly organisation: string | undefined;
    },
  ): URL;
  readApproval(query: URLSearchParams): ApprovalReading;
  /**
   * Where the administrator shows who they are, once they have approved: only their id token proves the organisation. They ask for what they have
   * just allowed, which nobody gets who may not have it.
   */
  proofUrl(
    client: ProviderClient,
    request: Pick<AuthorizationRequest, 'redirectUri' | 'mode' | 'state' | 'nonce' | 'codeVerifier'> & {
      readonly organisation: string | undefined;
    },
  ): URL;
  /** Exchanges the code of that trip for the administrator's identity; whatever else came along is thrown away. */
  prove(
    client: ProviderClient,
    request: Pick<ExchangeRequest, 'redirectUri' | 'mode' | 'code' | 'nonce' | 'codeVerifier'> & {
      readonly organisation: string | undefined;
    },
  ): Promise<
    | { readonly outcome: 'proven'; readonly identity: Identity }
    | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly operatorHint: string }
  >;
  /** What an administrator should know and can do: how to limit it, how to take it back. */
  instructions(client: ProviderClient, mode: AccessMode): readonly AdminInstruction[];
}
