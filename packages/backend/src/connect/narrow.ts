import { ACCESS_MODES, type AccessMode } from '@calendar-connect/protocol';
import { type Backend, type ConfiguredService, familyOf } from '../backend.ts';
import { credentialPlace, readCredential } from '../accounts/sealed-places.ts';
import type { Credential, Identity, ProviderClient } from '../providers/provider.ts';
import type { Profile } from '../storage/profile-row.ts';
import type { Session } from '../storage/session-row.ts';

// Whoever shares less than before is to have it so at the provider too. Where a revocation there ends everything that a person granted, the old
// grant has to be ended before the new consent: afterwards it would end that as well.

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'conferencing' | 'log' | 'now'>;

/** Who goes where, to share how much. */
interface Way {
  readonly session: Session;
  readonly provider: ConfiguredService;
  readonly client: ProviderClient;
  readonly accessMode: AccessMode;
}

/** What became of an old grant. `unavailable`: the provider did not answer, and everything stands as it did. */
export type Narrowed = 'nothing_to_end' | 'ended' | 'unavailable';

/**
 * Ends what is shared by the connection that a session is to change, before its person is asked for less. Where it only says who they are, they may
 * connect another of their logins beside it, and which one it is shows at the provider: see {@link endWhatWasShared}.
 */
export async function endBeforeConsent(deps: Deps, way: Way): Promise<Narrowed> {
  if (!endsAll(deps, way) || changedProfileOf(way.session) === undefined) return 'nothing_to_end';
  const [wider] = await widerProfiles(deps, way);
  if (wider?.credentialSealed === undefined) return 'nothing_to_end';
  const dataKey = await deps.store.findDataKey(wider.accountId);
  const credential = readCredential(deps.vault.open(dataKey, credentialPlace(wider), wider.credentialSealed));
  return end(deps, way, { wider, credential });
}

/**
 * Ends what a known person shared before, after they have shown which login it is. Where anything was ended, the new consent was too, and they have
 * to be asked once more. Of a person who is not known the old grant stays where it is: nothing here can use it, and nobody has asked to end it.
 */
export async function endWhatWasShared(
  deps: Deps,
  way: Way & { readonly identity: Identity; readonly credential: Credential },
): Promise<Narrowed> {
  if (!endsAll(deps, way) || personOf(way.session) === undefined) return 'nothing_to_end';
  const [wider] = await widerProfiles(deps, way, way.identity.subject);
  return wider === undefined ? 'nothing_to_end' : end(deps, way, { wider, credential: way.credential });
}

function endsAll({ providers }: Deps, { provider }: Way): boolean {
  return providers.get(provider.id)?.narrowing.how === 'all_ended';
}

/** Whose connections may be ended because of a session: that of the profile it is for, or the person's whom the partner's server named. */
function personOf(session: Session): { readonly profileId: string } | { readonly endUser: string } | undefined {
  const profileId = changedProfileOf(session);
  if (profileId !== undefined) return { profileId };
  return session.endUser === undefined ? undefined : { endUser: session.endUser };
}

function changedProfileOf({ forProfile, changesProfile }: Session): string | undefined {
  return forProfile ?? changesProfile;
}

async function widerProfiles(deps: Deps, way: Way, subject?: string): Promise<readonly Profile[]> {
  const of = personOf(way.session);
  if (of === undefined) return [];
  return deps.store.findWiderProfiles({
    applicationId: way.session.applicationId,
    of,
    provider: way.provider.id,
    subject,
    providerClientId: way.client.id,
    widerModes: ACCESS_MODES.slice(0, ACCESS_MODES.indexOf(way.accessMode)),
  });
}

/** Not where anything else lives on the same grant: another application's connection must not die because of this one. */
async function end(deps: Deps, { provider, client }: Way, what: { wider: Profile; credential: Credential }): Promise<Narrowed> {
  const { wider, credential } = what;
  const login = { family: familyOf(deps, provider.id), providerClientId: client.id, subject: wider.subject, nowMs: deps.now() };
  const about = { profile: wider.id, provider: provider.id };
  if (await deps.store.hasLivingConnection({ ...login, exceptProfileId: wider.id })) {
    deps.log({ level: 'info', event: 'grant_kept', ...about, hint: 'another connection of the same login lives on it' });
    return 'nothing_to_end';
  }
  const connect = await provider.connect();
  const revoked = await connect.revoke(client, credential);
  if (revoked.outcome === 'unavailable') {
    deps.log({ level: 'warn', event: 'grant_not_ended', ...about, hint: revoked.operatorHint });
    return 'unavailable';
  }
  await deps.store.breakProfile({ id: wider.id, credentialVersion: wider.credentialVersion, status: 'disconnected' });
  return 'ended';
}
