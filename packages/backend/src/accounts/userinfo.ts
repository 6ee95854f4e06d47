import type { Backend } from '../backend.ts';
import type { AuthorizedAccount } from '../storage/questions/tokens.ts';
import { ID_PREFIX, readToken } from '../vault/issued-token.ts';
import { partnerCalendars, readCalendars } from './calendar-list.ts';
import { calendarsPlace } from './sealed-places.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'now'>;

/** What a living access token stands for; `undefined` where it is unknown, expired or revoked. */
export async function accountOf(deps: Pick<Backend, 'store' | 'now'>, accessToken: string): Promise<AuthorizedAccount | undefined> {
  const token = readToken(ID_PREFIX.accessToken, accessToken);
  return token && deps.store.accountOfAccessToken({ id: token.id, tokenHash: token.secretHash, nowMs: deps.now() });
}

/** The body of `GET /v1/userinfo` for an account. */
export function userinfoOf(deps: Pick<Deps, 'vault'>, account: AuthorizedAccount): Record<string, unknown> {
  return {
    sub: account.accountId,
    ...(account.email === undefined ? {} : { email: account.email }),
    name: account.email ?? account.profiles[0]?.name ?? null,
    // The provider's time zone is not known before the first sync; partners expect a valid one.
    zoneinfo: 'Etc/UTC',
    'cronofy.type': 'account',
    'cronofy.data': {
      authorization: { scope: account.scope, status: 'active' },
      profiles: account.profiles.map((profile) => ({
        provider_name: profile.providerName,
        provider_service: profile.providerService,
        profile_id: profile.id,
        profile_name: profile.name,
        profile_connected: profile.status === 'connected',
        profile_initial_sync_required: false,
        profile_calendars:
          profile.calendarsSealed === undefined
            ? []
            : partnerCalendars(profile, readCalendars(deps.vault.open(account.dataKey, calendarsPlace(profile), profile.calendarsSealed))),
      })),
      conferencing_profiles: [],
    },
  };
}
