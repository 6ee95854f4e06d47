import type { Backend, ConfiguredProvider } from '../backend.ts';
import type { Credential } from '../providers/provider.ts';
import type { DataKey } from '../storage/data-key-row.ts';
import type { Profile } from '../storage/profile-row.ts';
import { credentialPlace, readCredential, writeCredential } from './sealed-places.ts';

/** A token that is about to end is renewed before it is used: a call must not outlive it. */
const RENEW_BEFORE_END_MS = 60_000;

type Deps = Pick<Backend, 'store' | 'vault' | 'log' | 'now'>;

/** A connected profile with what is needed to act for it. */
export interface ActingProfile {
  readonly profile: Profile;
  readonly dataKey: DataKey;
  readonly provider: ConfiguredProvider;
}

/** A credential that can be used now, and the profile as it stands with it. */
export interface Usable {
  readonly credential: Credential;
  readonly acting: ActingProfile;
}

/** The profile's credential, renewed at the provider where it is about to end or was just refused. `undefined` where there is none to be had now. */
export async function usableCredential(deps: Deps, acting: ActingProfile, refused = false): Promise<Usable | undefined> {
  const sealed = acting.profile.credentialSealed;
  if (acting.profile.status !== 'connected' || sealed === undefined) return undefined;
  const credential = readCredential(deps.vault.open(acting.dataKey, credentialPlace(acting.profile), sealed));
  if (!refused && credential.accessTokenExpiresAtMs - RENEW_BEFORE_END_MS > deps.now()) return { credential, acting };
  return renew(deps, acting, credential);
}

async function renew(deps: Deps, acting: ActingProfile, credential: Credential): Promise<Usable | undefined> {
  const { profile, dataKey, provider } = acting;
  // A refresh token works with no other client than its own: shown to another, the provider's refusal would look like its end.
  if (profile.providerClientId !== provider.operatorClient.id) {
    deps.log({ level: 'error', event: 'provider_client_gone', profile: profile.id, provider: provider.id });
    return undefined;
  }
  const connect = await provider.connect();
  const renewed = await connect.refresh(provider.operatorClient, credential);
  if (renewed.outcome === 'refreshed') {
    const credentialSealed = deps.vault.seal(dataKey, credentialPlace(profile), writeCredential(renewed.credential));
    const stored = await deps.store.storeCredential({ profileId: profile.id, fromVersion: profile.credentialVersion, credentialSealed });
    return { credential: renewed.credential, acting: { ...acting, profile: stored ?? profile } };
  }
  if (renewed.outcome === 'rejected') {
    await deps.store.disconnectProfile({ id: profile.id, credentialVersion: profile.credentialVersion });
  }
  deps.log({ level: 'warn', event: `refresh_${renewed.outcome}`, profile: profile.id, provider: provider.id, hint: renewed.operatorHint });
  return undefined;
}
