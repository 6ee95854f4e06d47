import { type RawBuilder, sql } from 'kysely';

/** What a pending connection holds in the place of a sealed value that its new profile has already. */
export const IN_PROFILE = '';

/** The sealed value that a row `pending` stands for, beside its row `profiles`: its own, or the one that the profile has already. */
export function pendingValue(column: 'credential_sealed' | 'calendars_sealed'): RawBuilder<string | null> {
  const [pending, profile] = [sql.ref(`pending.${column}`), sql.ref(`profiles.${column}`)];
  return sql`case when ${pending} = ${sql.lit(IN_PROFILE)} then ${profile} else ${pending} end`;
}
