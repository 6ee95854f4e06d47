import type { AccessMode } from '@calendar-connect/protocol';
import type { Selectable } from 'kysely';
import type { AdminApprovalsTable } from './schema.ts';

/** Something that an administrator has to allow before people of their organisation can connect. */
export interface AdminApproval {
  readonly id: string;
  readonly applicationId: string;
  readonly provider: string;
  readonly providerClientId: string;
  readonly accessMode: AccessMode;
  /** The partner's own id of the person who waits, where its server named one. */
  readonly endUser: string | undefined;
  /** The login that the person used, as they typed it; a domain where they gave no more. */
  readonly email: string | undefined;
  /** The organisation's id at the provider. */
  readonly organisation: string | undefined;
  readonly state: 'waiting' | 'approved' | 'declined';
  readonly linkHash: string;
  readonly linkSealed: string;
  readonly adminBrowserHash: string | undefined;
  readonly adminStateHash: string | undefined;
  readonly adminNonce: string | undefined;
  readonly adminVerifierSealed: string | undefined;
  readonly probes: number;
  readonly probeNotBeforeMs: number;
  readonly createdAtMs: number;
  readonly decidedAtMs: number | undefined;
  /** When the person connected or gave up: nobody waits for it any longer. */
  readonly closedAtMs: number | undefined;
}

/** Closed sets are named here without a check: only this package writes them. */
export function rowToAdminApproval(row: Selectable<AdminApprovalsTable>): AdminApproval {
  return {
    id: row.id,
    applicationId: row.application_id,
    provider: row.provider,
    providerClientId: row.provider_client_id,
    accessMode: row.access_mode as AccessMode,
    endUser: row.end_user ?? undefined,
    email: row.email ?? undefined,
    organisation: row.organisation ?? undefined,
    state: row.state as AdminApproval['state'],
    linkHash: row.link_hash,
    linkSealed: row.link_sealed,
    adminBrowserHash: row.admin_browser_hash ?? undefined,
    adminStateHash: row.admin_state_hash ?? undefined,
    adminNonce: row.admin_nonce ?? undefined,
    adminVerifierSealed: row.admin_verifier_sealed ?? undefined,
    probes: row.probes,
    probeNotBeforeMs: row.probe_not_before,
    createdAtMs: row.created_at,
    decidedAtMs: row.decided_at ?? undefined,
    closedAtMs: row.closed_at ?? undefined,
  };
}
