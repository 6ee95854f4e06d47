import type { Migration } from '../migrations.ts';
import { first } from './0001-first.ts';
import { workLeasesAudit } from './0002-work-leases-audit.ts';
import { clusteredRows } from './0003-clustered-rows.ts';
import { adminApprovals } from './0004-admin-approvals.ts';
import { mailClaims } from './0005-mail-claims.ts';
import { accessModes } from './0006-access-modes.ts';
import { passwordSignIns } from './0007-password-sign-ins.ts';
import { derivedRefreshTokens } from './0008-derived-refresh-tokens.ts';
import { cheaperExchanges } from './0009-cheaper-exchanges.ts';
import { credentialsApart } from './0010-credentials-apart.ts';

/** Every step of the schema, in order. */
export const allMigrations: readonly Migration[] = [
  first,
  workLeasesAudit,
  clusteredRows,
  adminApprovals,
  mailClaims,
  accessModes,
  passwordSignIns,
  derivedRefreshTokens,
  cheaperExchanges,
  credentialsApart,
];
