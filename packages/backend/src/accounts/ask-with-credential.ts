import type { Backend, ConfiguredService } from '../backend.ts';
import type { Credential } from '../providers/provider.ts';
import type { DataKey } from '../storage/data-key-row.ts';
import type { CredentialRenewal } from './credential-renewal.ts';
import { type ActingProfile, usableCredential } from './provider-credential.ts';

/** What acting for a profile needs. */
export type AskingDeps = Pick<Backend, 'store' | 'vault' | 'clients' | 'log' | 'now'> & { readonly renewal: CredentialRenewal };

/** A profile, and what opens its credential. */
export interface ProfileToAsk {
  readonly profileId: string;
  readonly dataKey: DataKey;
}

/**
 * What there is nobody to ask with. `disconnected`: the person has to connect again. `no_credential`: it cannot be renewed now, or the service is
 * not set up here.
 */
export type NobodyToAsk = { readonly outcome: 'disconnected' } | { readonly outcome: 'no_credential' };

/** One call to a part of a service, such as the one that reads calendars. */
export type Call<Part, T> = (part: Part, credential: Credential) => Promise<T>;

/** Where profiles of a kind are asked. */
export interface Services<S extends ConfiguredService, Part> {
  readonly byId: ReadonlyMap<string, S>;
  readonly partOf: (service: S) => Promise<Part>;
}

/** Asks a profile's service, once more with a renewed credential where the first one was refused. A grant that is dead disconnects the profile. */
export async function askWithCredential<S extends ConfiguredService, Part, T extends { readonly outcome: string }>(
  deps: AskingDeps,
  { profileId, dataKey, byId, partOf }: ProfileToAsk & Services<S, Part>,
  call: Call<Part, T>,
): Promise<Exclude<T, { outcome: 'unauthorized' }> | NobodyToAsk> {
  const profile = await deps.store.findLivingProfile(profileId);
  if (profile === undefined) return { outcome: 'disconnected' };
  const provider = byId.get(profile.provider);
  if (provider === undefined) return { outcome: 'no_credential' };
  const part = await partOf(provider);
  let acting: ActingProfile = { profile, dataKey, provider };
  for (const refused of [false, true]) {
    const usable = await usableCredential(deps, acting, refused);
    if (usable === undefined) return nobody(deps, profileId);
    acting = usable.acting;
    const answer = await call(part, usable.credential);
    // Whoever compares an outcome with one value has excluded it; the compiler does not see that through a type parameter.
    if (answer.outcome !== 'unauthorized') return answer as Exclude<T, { outcome: 'unauthorized' }>;
  }
  return { outcome: 'no_credential' };
}

/** Whether the person has to connect again is known only after it was tried. */
async function nobody({ store }: Pick<Backend, 'store'>, profileId: string): Promise<NobodyToAsk> {
  const profile = await store.findLivingProfile(profileId);
  return { outcome: profile?.status === 'connected' ? 'no_credential' : 'disconnected' };
}
