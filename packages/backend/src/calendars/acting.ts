import type { CredentialRenewal } from '../accounts/credential-renewal.ts';
import { type ActingProfile, usableCredential } from '../accounts/provider-credential.ts';
import type { Backend } from '../backend.ts';
import type { CalendarReader } from '../providers/calendar-reader.ts';
import type { Credential } from '../providers/provider.ts';
import type { DataKey } from '../storage/data-key-row.ts';

/** What acting for a profile needs. */
export type ActingDeps = Pick<Backend, 'store' | 'vault' | 'providers' | 'clients' | 'log' | 'now'> & {
  readonly renewal: CredentialRenewal;
};

/** What there is nobody to ask with: the profile is disconnected, its credential cannot be renewed now, or its provider is not configured. */
export type NobodyToAsk = { readonly outcome: 'disconnected' } | { readonly outcome: 'no_credential' };

/** One call to a profile's calendars. */
export type CalendarCall<T> = (reader: CalendarReader, credential: Credential) => Promise<T>;

/** Asks a profile's provider, once more with a renewed credential where the first one was refused. */
export async function askProvider<T extends { readonly outcome: string }>(
  deps: ActingDeps,
  { profileId, dataKey }: { readonly profileId: string; readonly dataKey: DataKey },
  call: CalendarCall<T>,
): Promise<T | NobodyToAsk> {
  const profile = await deps.store.findLivingProfile(profileId);
  if (profile === undefined) return { outcome: 'disconnected' };
  const provider = deps.providers.get(profile.provider);
  if (provider === undefined) return { outcome: 'no_credential' };
  const reader = await provider.calendar();
  let acting: ActingProfile = { profile, dataKey, provider };
  for (const refused of [false, true]) {
    const usable = await usableCredential(deps, acting, refused);
    if (usable === undefined) return nobody(deps, profileId);
    acting = usable.acting;
    const answer = await call(reader, usable.credential);
    if (answer.outcome !== 'unauthorized') return answer;
  }
  return { outcome: 'no_credential' };
}

/** Whether the person has to connect again is known only after it was tried. */
async function nobody({ store }: ActingDeps, profileId: string): Promise<NobodyToAsk> {
  const profile = await store.findLivingProfile(profileId);
  return { outcome: profile?.status === 'connected' ? 'no_credential' : 'disconnected' };
}
