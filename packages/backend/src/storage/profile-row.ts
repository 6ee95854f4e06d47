import type { AccessMode } from '@calendar-connect/protocol';
import type { Selectable } from 'kysely';
import type { ProfilesTable } from './schema.ts';

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
  /** How the person knows the login: mostly an e-mail address. */
  readonly name: string;
  readonly status: 'pending' | 'connected' | 'disconnected' | 'revoked';
  readonly credentialSealed: string | undefined;
  readonly credentialVersion: number;
  readonly calendarsSealed: string | undefined;
  /** When the provider was last asked for the calendars. */
  readonly calendarsAtMs: number;
}

/** Closed sets are named here without a check: only this package writes them. */
export function rowToProfile(row: Selectable<ProfilesTable>): Profile {
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
    name: row.name,
    status: row.status as Profile['status'],
    credentialSealed: row.credential_sealed ?? undefined,
    credentialVersion: row.credential_version,
    calendarsSealed: row.calendars_sealed ?? undefined,
    calendarsAtMs: row.calendars_at,
  };
}
