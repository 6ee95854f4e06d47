import type { Backend } from '../backend.ts';
import type { ListedProfile, ProfileKind } from '../storage/profile-row.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import { ID_PREFIX, readToken } from '../vault/issued-token.ts';
import { type PartnerCalendar, partnerCalendars, readCalendars } from './calendar-list.ts';
import type { OpenedCalendars } from './opened-calendars.ts';
import { openOrNone } from './open-or-none.ts';
import { calendarsPlace } from './sealed-places.ts';

type Deps = Pick<Backend, 'vault' | 'log'> & { readonly openedCalendars: OpenedCalendars };

/** What a living access token stands for; `undefined` where it is unknown, expired or revoked. */
export async function accountOf(deps: Pick<Backend, 'store' | 'now'>, accessToken: string): Promise<AuthorizedAccount | undefined> {
  const token = readToken(ID_PREFIX.accessToken, accessToken);
  return token && deps.store.accountOfAccessToken({ id: token.id, tokenHash: token.secretHash, nowMs: deps.now() });
}

/** The body of `GET /v1/userinfo` for an account. */
export function userinfoOf(deps: Deps, account: AuthorizedAccount): Record<string, unknown> {
  return {
    sub: account.accountId,
    ...(account.email === undefined ? {} : { email: account.email }),
    name: account.email ?? account.profiles[0]?.name ?? null,
    // The provider's time zone is not known before the first sync; partners expect a valid one.
    zoneinfo: 'Etc/UTC',
    'cronofy.type': 'account',
    'cronofy.data': {
      authorization: { scope: account.scope, status: 'active' },
      profiles: ofKind(account, 'calendar').map((profile) => ({
        provider_name: profile.providerName,
        provider_service: profile.providerService,
        provider_protocol: profile.providerProtocol,
        profile_id: profile.id,
        profile_name: profile.name,
        profile_connected: profile.status === 'connected',
        profile_initial_sync_required: false,
        profile_calendars: calendarsOf(deps, account, profile),
      })),
      conferencing_profiles: ofKind(account, 'conferencing').map((profile) => ({
        provider_name: profile.providerName,
        profile_id: profile.id,
        profile_name: profile.name,
        profile_connected: profile.status === 'connected',
      })),
    },
  };
}

function ofKind({ profiles }: AuthorizedAccount, wanted: ProfileKind): readonly ListedProfile[] {
  return profiles.filter(({ kind }) => kind === wanted);
}

function calendarsOf(deps: Deps, { dataKey }: AuthorizedAccount, profile: ListedProfile): readonly PartnerCalendar[] {
  const sealed = profile.calendarsSealed;
  if (sealed === undefined) return [];
  return openOrNone(deps, profile, () =>
    deps.openedCalendars.of({ sealed, dataKey, profile }, () =>
      partnerCalendars(profile, readCalendars(deps.vault.open(dataKey, calendarsPlace(profile), sealed))),
    ),
  );
}
