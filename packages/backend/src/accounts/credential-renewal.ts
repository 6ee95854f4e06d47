import { setTimeout as pause } from 'node:timers/promises';
import type { Backend } from '../backend.ts';
import type { Credential, ProviderClient, RefreshOutcome } from '../providers/provider.ts';
import type { Profile } from '../storage/profile-row.ts';
import { newId } from '../vault/secrets.ts';
import { credentialPlace, readCredential, writeCredential } from './sealed-places.ts';
import type { ActingProfile, Usable } from './provider-credential.ts';

/** Longer than a provider may take to answer; where the holder dies, the next asker takes over after this time. */
const LEASE_MS = 30_000;
/** How long nobody asks a provider again that could not answer and named no time. */
const REST_MS = 5000;
const MAX_REST_MS = 10 * 60_000;
/** How often an asker looks whether another process has renewed it, at first and at last. */
const LOOK_EVERY_MS = { first: 20, last: 500 };

type Deps = Pick<Backend, 'store' | 'vault' | 'log' | 'now'>;

/** Renews credentials at their providers: however many ask at once, in however many processes, each provider is asked once. */
export interface CredentialRenewal {
  /** The credential as renewed by this asker or by another; `undefined` where there is none to be had now. */
  renew(acting: RenewingProfile, credential: Credential): Promise<Usable | undefined>;
}

/** A profile with the client that its credential was made with. */
export interface RenewingProfile extends ActingProfile {
  readonly client: ProviderClient;
}

/** Makes the renewal of a backend. Within this process askers share one answer; between processes a lease on the profile decides. */
export function createCredentialRenewal(deps: Deps): CredentialRenewal {
  const by = newId('wrk_', deps.now());
  const underWay = new Map<string, Promise<Usable | undefined>>();
  return {
    renew: (acting, credential) => {
      const key = `${acting.profile.id} ${acting.profile.credentialVersion}`;
      const running = underWay.get(key);
      if (running !== undefined) return running;
      const renewal = renewOnce({ ...deps, by }, acting, credential).finally(() => underWay.delete(key));
      underWay.set(key, renewal);
      return renewal;
    },
  };
}

type Holder = Deps & { readonly by: string };

/** Takes the lease and asks the provider, or waits for whoever holds it. */
async function renewOnce(holder: Holder, acting: RenewingProfile, credential: Credential): Promise<Usable | undefined> {
  let lookAfterMs = LOOK_EVERY_MS.first;
  const giveUpAt = performance.now() + 2 * LEASE_MS;
  while (performance.now() < giveUpAt) {
    const claimed = await claim(holder, acting.profile);
    if (claimed.outcome === 'leased') return askProvider(holder, acting, credential);
    if (claimed.outcome === 'renewed') return adopt(holder, acting, claimed.profile);
    if (claimed.outcome !== 'under_way') return undefined;
    await pause(lookAfterMs);
    lookAfterMs = Math.min(LOOK_EVERY_MS.last, lookAfterMs * 2);
  }
  return undefined;
}

function claim({ store, by, now }: Holder, profile: Profile) {
  const nowMs = now();
  return store.claimRefresh({ profileId: profile.id, fromVersion: profile.credentialVersion, by, nowMs, untilMs: nowMs + LEASE_MS });
}

async function askProvider(holder: Holder, acting: RenewingProfile, credential: Credential): Promise<Usable | undefined> {
  const { profile, provider } = acting;
  let notBeforeMs = 0;
  try {
    const connect = await provider.connect();
    const renewed = await connect.refresh(acting.client, credential);
    if (renewed.outcome === 'refreshed') return await keep(holder, acting, renewed.credential);
    if (renewed.outcome !== 'unavailable') {
      const status = renewed.outcome === 'rejected' ? 'disconnected' : 'needs_attention';
      await holder.store.breakProfile({ id: profile.id, credentialVersion: profile.credentialVersion, status });
    }
    if (renewed.outcome !== 'rejected') notBeforeMs = holder.now() + restMs(renewed);
    holder.log({
      level: renewed.outcome === 'unavailable' && renewed.needsOperator ? 'error' : 'warn',
      event: `refresh_${renewed.outcome}`,
      profile: profile.id,
      provider: provider.id,
      hint: renewed.operatorHint,
    });
    return undefined;
  } finally {
    // Has no effect where the credential was stored: that ended the lease.
    await holder.store.releaseRefresh({ profileId: profile.id, by: holder.by, notBeforeMs });
  }
}

/** How long the provider is left alone. What only a person or the operator can mend is tried rarely: nobody tells us when they have. */
function restMs(renewed: Exclude<RefreshOutcome, { outcome: 'refreshed' | 'rejected' }>): number {
  if (renewed.outcome === 'interaction_required') return MAX_REST_MS;
  return Math.min(MAX_REST_MS, Math.max(REST_MS, renewed.retryAfterMs ?? 0));
}

async function keep({ store, vault }: Holder, acting: ActingProfile, credential: Credential): Promise<Usable> {
  const { profile, dataKey } = acting;
  const credentialSealed = vault.seal(dataKey, credentialPlace(profile), writeCredential(credential));
  const stored = await store.storeCredential({ profileId: profile.id, fromVersion: profile.credentialVersion, credentialSealed });
  return { credential, acting: { ...acting, profile: stored ?? profile } };
}

/** What another asker has stored meanwhile. */
function adopt({ vault }: Holder, acting: ActingProfile, profile: Profile): Usable | undefined {
  if (profile.credentialSealed === undefined) return undefined;
  const credential = readCredential(vault.open(acting.dataKey, credentialPlace(profile), profile.credentialSealed));
  return { credential, acting: { ...acting, profile } };
}
