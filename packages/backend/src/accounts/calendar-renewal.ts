import type { Backend, ConfiguredProvider } from '../backend.ts';
import { describeError } from '../log.ts';
import type { ProviderCalendar } from '../providers/calendar-reader.ts';
import type { DataKey } from '../storage/data-key-row.ts';
import { LIVING_STATUSES } from '../storage/profile-row.ts';
import type { AuthorizedAccount } from '../storage/questions/authorized-account.ts';
import { writeCalendars } from './calendar-list.ts';
import type { CredentialRenewal } from './credential-renewal.ts';
import { type ActingProfile, usableCredential } from './provider-credential.ts';
import { calendarsPlace } from './sealed-places.ts';

/** Lists older than this are asked for again, behind the answer that noticed it. */
const FRESH_FOR_MS = 5 * 60_000;

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'clients' | 'log' | 'now'> & { readonly renewal: CredentialRenewal };

/** Keeps the calendar lists fresh without making anybody wait: a new calendar shows without connecting again. */
export interface CalendarRenewal {
  /** Asks the providers again for the lists of this account that have become old; once at a time for each profile. */
  renewOld(account: AuthorizedAccount): void;
  /** Resolves when nothing is under way any longer. */
  settled(): Promise<void>;
}

export function createCalendarRenewal(deps: Deps): CalendarRenewal {
  const underWay = new Map<string, Promise<void>>();
  return {
    renewOld: (account) => {
      for (const profile of account.profiles) {
        const provider = deps.providers.get(profile.provider);
        const old = LIVING_STATUSES.includes(profile.status) && profile.calendarsAtMs + FRESH_FOR_MS <= deps.now();
        if (!old || provider === undefined || underWay.has(profile.id)) continue;
        const renewal = renewOne(deps, { provider, dataKey: account.dataKey }, profile.id)
          .catch((error: unknown) => {
            deps.log({
              level: 'error',
              event: 'calendar_renewal_failed',
              profile: profile.id,
              ...describeError(error),
            });
          })
          .finally(() => underWay.delete(profile.id));
        underWay.set(profile.id, renewal);
      }
    },
    settled: async () => void (await Promise.all(underWay.values())),
  };
}

async function renewOne(
  deps: Deps,
  asked: { readonly provider: ConfiguredProvider; readonly dataKey: DataKey },
  profileId: string,
): Promise<void> {
  const profile = await deps.store.findLivingProfile(profileId);
  if (profile === undefined) return;
  const listed = await listWithRenewal(deps, asked.provider, { ...asked, profile });
  // Also when nothing came of it: a provider in trouble is not asked again by every answer of ours.
  const sealed = listed && deps.vault.seal(asked.dataKey, calendarsPlace(profile), writeCalendars(listed));
  await deps.store.storeCalendars({ profileId, accessMode: profile.accessMode, sealed, nowMs: deps.now() });
}

/** The list, asked for once more with a renewed credential where the first one was refused. */
async function listWithRenewal(
  deps: Deps,
  provider: ConfiguredProvider,
  asked: ActingProfile,
): Promise<readonly ProviderCalendar[] | undefined> {
  const reader = await provider.calendar();
  let acting = asked;
  for (const refused of [false, true]) {
    const usable = await usableCredential(deps, acting, refused);
    if (usable === undefined) return undefined;
    acting = usable.acting;
    const listed = await reader.listCalendars(usable.credential, acting.profile.accessMode);
    if (listed.outcome === 'ok') return listed.value;
    if (listed.outcome !== 'unauthorized') {
      deps.log({ level: 'warn', event: 'calendars_not_listed', profile: acting.profile.id, outcome: listed.outcome });
      return undefined;
    }
  }
  return undefined;
}
