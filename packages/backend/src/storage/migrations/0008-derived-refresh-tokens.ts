import type { Migration } from '../migrations.ts';

/**
 * Nothing of the tables changes. Grants that are made from here on have no sealed refresh token, and a version that would look for one is to
 * refuse this database instead of taking a code and failing afterwards.
 */
export const derivedRefreshTokens: Migration = { id: 8, name: 'derived-refresh-tokens', up: [] };
