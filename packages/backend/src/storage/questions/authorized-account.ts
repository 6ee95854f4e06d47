import type { AccessMode } from '@calendar-connect/protocol';
import type { QueryCreator, Selectable } from 'kysely';
import type { DataKey } from '../data-key-row.ts';
import { prepared } from '../prepared.ts';
import { type ListedProfile, type Profile, type ProfileKind, STANDING_STATUSES } from '../profile-row.ts';
import { type Question, rows } from '../question.ts';
import type { AccountsTable, DataKeysTable, GrantsTable, ProfilesTable, Schema } from '../schema.ts';

/** Everything that an access token lets its holder see of the account itself. */
export interface AuthorizedAccount {
  readonly accountId: string;
  readonly applicationId: string;
  readonly email: string | undefined;
  readonly scope: string;
  /** Those that stand, oldest first: connected ones, and those that their provider broke. */
  readonly profiles: readonly ListedProfile[];
  readonly dataKey: DataKey;
}

type AccountRow = Pick<Selectable<GrantsTable>, 'account_id' | 'application_id' | 'scope'> &
  Pick<Selectable<AccountsTable>, 'email'> &
  Pick<Selectable<DataKeysTable>, 'key_id' | 'wrapped'>;

const PROFILE_COLUMNS = [
  'provider',
  'provider_name',
  'provider_service',
  'provider_protocol',
  'name',
  'status',
  'calendars_sealed',
  'calendars_at',
  'access_mode',
  'kind',
] as const;
type ProfileRow = Pick<Selectable<ProfilesTable>, 'id' | 'created_at' | (typeof PROFILE_COLUMNS)[number]>;

/** The account once for each of its profiles, or once without any: one statement instead of three takes half as long. */
const selectAccount = prepared((db, token: { id: string; tokenHash: string; nowMs: number }) =>
  db
    .selectFrom('access_tokens')
    .innerJoin('grants', 'grants.id', 'access_tokens.grant_id')
    .innerJoin('accounts', 'accounts.id', 'grants.account_id')
    .innerJoin('data_keys', 'data_keys.owner_id', 'grants.account_id')
    .leftJoin('profiles', (join) =>
      join
        .onRef('profiles.account_id', '=', 'grants.account_id')
        // Not `in`: of a list of three and more SQLite makes an index each time it is asked, 1.5 µs of 36 for a userinfo.
        .on((eb) => eb.or(STANDING_STATUSES.map((status) => eb('profiles.status', '=', status)))),
    )
    .select(['grants.account_id', 'grants.application_id', 'grants.scope', 'accounts.email', 'data_keys.key_id', 'data_keys.wrapped'])
    .select(['profiles.id', 'profiles.created_at', ...PROFILE_COLUMNS])
    .where('access_tokens.id', '=', token.id)
    .where('access_tokens.token_hash', '=', token.tokenHash)
    .where('access_tokens.expires_at', '>', token.nowMs)
    // Kysely says of each column of a profile by itself that there may be none.
    .$castTo<AccountRow & (ProfileRow | { readonly id: null })>(),
);

/** Answers what a living access token stands for. */
export function* accountOfAccessToken(
  db: QueryCreator<Schema>,
  token: { id: string; tokenHash: string; nowMs: number },
): Question<AuthorizedAccount | undefined> {
  const found = yield* rows(selectAccount(db, token));
  const [account] = found;
  if (account === undefined) return undefined;
  return {
    accountId: account.account_id,
    applicationId: account.application_id,
    email: account.email ?? undefined,
    scope: account.scope,
    profiles: found
      .filter((row) => row.id !== null)
      .toSorted(byAge)
      .map(rowToListedProfile),
    dataKey: { ownerId: account.account_id, keyId: account.key_id, wrapped: account.wrapped },
  };
}

/** Ids begin with their time, and are ordered by their bytes. */
function byAge(a: ProfileRow, b: ProfileRow): number {
  return a.created_at - b.created_at || (a.id < b.id ? -1 : 1);
}

function rowToListedProfile(row: AccountRow & ProfileRow): ListedProfile {
  return {
    id: row.id,
    applicationId: row.application_id,
    provider: row.provider,
    providerName: row.provider_name,
    providerService: row.provider_service,
    providerProtocol: row.provider_protocol ?? undefined,
    name: row.name,
    status: row.status as Profile['status'],
    calendarsSealed: row.calendars_sealed ?? undefined,
    calendarsAtMs: row.calendars_at,
    accessMode: row.access_mode as AccessMode,
    kind: row.kind as ProfileKind,
  };
}
