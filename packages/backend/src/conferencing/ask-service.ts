import type { CredentialRenewal } from '../accounts/credential-renewal.ts';
import { type ActingProfile, usableCredential } from '../accounts/provider-credential.ts';
import type { Backend } from '../backend.ts';
import type { Meetings } from '../providers/meetings.ts';
import type { Credential } from '../providers/provider.ts';
import type { DataKey } from '../storage/data-key-row.ts';

/** What acting for a conferencing profile needs. */
export type ServiceDeps = Pick<Backend, 'store' | 'vault' | 'conferencing' | 'clients' | 'log' | 'now'> & {
  readonly renewal: CredentialRenewal;
};

/** A conferencing profile, and what opens its credential. */
export interface ServiceProfile {
  readonly profileId: string;
  readonly dataKey: DataKey;
}

/** One call to a service. */
export type ServiceCall<T> = (meetings: Meetings, credential: Credential) => Promise<T>;

/**
 * What there is nobody to ask with. `disconnected`: the person has to connect the service again. `no_credential`: it cannot be renewed now, or the
 * service is not set up here.
 */
export type NobodyToAsk = { readonly outcome: 'disconnected' } | { readonly outcome: 'no_credential' };

/** Asks a profile's service, once more with a renewed credential where the first one was refused. A grant that is dead disconnects the profile. */
export async function askService<T extends { readonly outcome: string }>(
  deps: ServiceDeps,
  { profileId, dataKey }: ServiceProfile,
  call: ServiceCall<T>,
): Promise<Exclude<T, { outcome: 'unauthorized' }> | NobodyToAsk> {
  const profile = await deps.store.findLivingProfile(profileId);
  if (profile === undefined) return { outcome: 'disconnected' };
  const provider = deps.conferencing.get(profile.provider);
  if (provider === undefined) return { outcome: 'no_credential' };
  const meetings = await provider.meetings();
  let acting: ActingProfile = { profile, dataKey, provider };
  for (const refused of [false, true]) {
    const usable = await usableCredential(deps, acting, refused);
    if (usable === undefined) return nobody(deps, profileId);
    acting = usable.acting;
    const answer = await call(meetings, usable.credential);
    // Whoever compares an outcome with one value has excluded it; the compiler does not see that through a type parameter.
    if (answer.outcome !== 'unauthorized') return answer as Exclude<T, { outcome: 'unauthorized' }>;
  }
  return { outcome: 'no_credential' };
}

/** Whether the person has to connect again is known only after it was tried. */
async function nobody({ store }: Pick<ServiceDeps, 'store'>, profileId: string): Promise<NobodyToAsk> {
  const profile = await store.findLivingProfile(profileId);
  return { outcome: profile?.status === 'connected' ? 'no_credential' : 'disconnected' };
}
