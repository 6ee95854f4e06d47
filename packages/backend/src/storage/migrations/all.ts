import type { Migration } from '../migrations.ts';
import { first } from './0001-first.ts';
import { workLeasesAudit } from './0002-work-leases-audit.ts';
import { clusteredRows } from './0003-clustered-rows.ts';

/** Every step of the schema, in order. */
export const allMigrations: readonly Migration[] = [first, workLeasesAudit, clusteredRows];
