import type { Backend, ConfiguredService } from '../backend.ts';
import type { Credential } from '../providers/provider.ts';
import type { DataKey } from '../storage/data-key-row.ts';
import { LIVING_STATUSES, type Profile } from '../storage/profile-row.ts';
import type { CredentialRenewal } from './credential-renewal.ts';
import { credentialPlace, readCredential } from './sealed-places.ts';

/** A token that is about to end is renewed before it is used: a call must not outlive it. */
const RENEW_BEFORE_END_MS = 60_000;

type Deps = Pick<Backend, 'clients' | 'vault' | 'log' | 'now'> & { readonly renewal: CredentialRenewal };

/** A connected profile with what is needed to act for it. */
export interface ActingProfile {
  readonly profile: Profile;
  readonly dataKey: DataKey;
  readonly provider: ConfiguredService;
}

/** A credential that can be used now, and the profile as it stands with it. */
export interface Usable {
  readonly credential: Credential;
  readonly acting: ActingProfile;
}

/** The profile's credential, renewed at the provider where it is about to end or was just refused. `undefined` where there is none to be had now. */
export async function usableCredential(deps: Deps, acting: ActingProfile, refused = false): Promise<Usable | undefined> {
  const { profile, provider } = acting;
  const sealed = profile.credentialSealed;
  if (!LIVING_STATUSES.includes(profile.status) || sealed === undefined) return undefined;
  const credential = readCredential(deps.vault.open(acting.dataKey, credentialPlace(profile), sealed));
  if (!refused && profile.status === 'connected' && credential.accessTokenExpiresAtMs - RENEW_BEFORE_END_MS > deps.now())
    return { credential, acting };
  // A refresh token works with no other client than its own: shown to another, the provider's refusal would look like its end.
  const client = await deps.clients.byId(provider, profile.providerClientId);
  if (client === undefined) {
    deps.log({ level: 'error', event: 'provider_client_gone', profile: profile.id, provider: provider.id });
    return undefined;
  }
  return deps.renewal.renew({ ...acting, client }, credential);
}
