import type { AccessMode } from '@calendar-connect/protocol';
import type { Selectable } from 'kysely';
import type { ProfileWithCredential } from './credential-row.ts';
import type { ProfilesTable } from './schema.ts';

/** Profiles whose credential may still give something: connected ones, and those whose provider wants to see the person first. */
export const LIVING_STATUSES: readonly Profile['status'][] = ['connected', 'needs_attention'];

/** Profiles that an application sees. */
export const STANDING_STATUSES: readonly Profile['status'][] = [...LIVING_STATUSES, 'disconnected'];

/** One connected calendar service login of an account, in one access mode. */
export interface Profile {
  readonly id: string;
  readonly accountId: string;
  readonly applicationId: string;
  readonly provider: string;
  readonly providerClientId: string;
  readonly subject: string;
  readonly accessMode: AccessMode;
  readonly providerName: string;
  readonly providerService: string;
  /** By which protocol its calendars are read, such as `graph_api`; absent where partners are not told. */
  readonly providerProtocol: string | undefined;
  /** How the person knows the login: mostly an e-mail address. */
  readonly name: string;
  /**
   * `needs_attention`: the grant lives, and its provider wants to see the person before it gives anything for it. `disconnected`: the grant is
   * dead. Both are told as not connected.
   */
  readonly status: 'pending' | 'connected' | 'needs_attention' | 'disconnected' | 'revoked';
  readonly credentialSealed: string | undefined;
  readonly credentialVersion: number;
  readonly calendarsSealed: string | undefined;
  /** When the provider was last asked for the calendars. */
  readonly calendarsAtMs: number;
  /** What it is for: calendars, or making meetings. */
  readonly kind: ProfileKind;
}

/** What a connected login is for. */
export type ProfileKind = 'calendar' | 'conferencing';

/** What tells an application which connection its code was for. */
export type ProfileSummary = Pick<Profile, 'id' | 'provider' | 'accessMode' | 'providerName' | 'providerService' | 'name'>;

/** A profile as its application is shown it: without the credential, which is long, and which nobody needs who only looks. */
export type ListedProfile = Pick<
  Profile,
  | 'id'
  | 'applicationId'
  | 'provider'
  | 'providerName'
  | 'providerService'
  | 'providerProtocol'
  | 'name'
  | 'status'
  | 'calendarsSealed'
  | 'calendarsAtMs'
  | 'accessMode'
  | 'kind'
>;

/** As {@link rowToProfile}, of the few columns that are needed then. */
export function rowToProfileSummary(
  row: Pick<Selectable<ProfilesTable>, 'id' | 'provider' | 'access_mode' | 'provider_name' | 'provider_service' | 'name'>,
): ProfileSummary {
  return {
    id: row.id,
    provider: row.provider,
    accessMode: row.access_mode as AccessMode,
    providerName: row.provider_name,
    providerService: row.provider_service,
    name: row.name,
  };
}

/** Closed sets are named here without a check: only this package writes them. */
export function rowToProfile(row: ProfileWithCredential): Profile {
  return {
    id: row.id,
    accountId: row.account_id,
    applicationId: row.application_id,
    provider: row.provider,
    providerClientId: row.provider_client_id,
    subject: row.subject,
    accessMode: row.access_mode as AccessMode,
    providerName: row.provider_name,
    providerService: row.provider_service,
    providerProtocol: row.provider_protocol ?? undefined,
    name: row.name,
    status: row.status as Profile['status'],
    credentialSealed: row.credential_sealed ?? undefined,
    credentialVersion: row.credential_version,
    calendarsSealed: row.calendars_sealed ?? undefined,
    calendarsAtMs: row.calendars_at,
    kind: row.kind as ProfileKind,
  };
}
