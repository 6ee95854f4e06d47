import { type Backend, familyOf, serviceOf } from '../backend.ts';
import type { GiveBack } from '../storage/give-back-work.ts';
import type { CredentialToGiveBack } from '../storage/questions/give-back.ts';
import type { WorkPayload } from '../storage/questions/work.ts';
import type { WorkHandler, WorkOutcome } from '../work/work.ts';
import { consentCredentialPlace, credentialPlace, readCredential } from './sealed-places.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'conferencing' | 'clients' | 'log' | 'now'>;

/** The work of giving credentials back to their providers: revoked there, then erased here. */
export function giveBackHandler(deps: Deps): WorkHandler {
  return {
    handle: (payload) => giveBack(deps, payload),
    giveUp: async (payload) => {
      const what = payload as GiveBack;
      const credential = await find(deps, what);
      // The provider would not hear of it for days: at least nobody here can use it any longer.
      if (credential !== undefined) await deps.store.eraseGivenBack({ what, credentialSealed: credential.credentialSealed });
      const { credentialSealed: _erased, ...rest } = payload;
      return rest;
    },
  };
}

async function giveBack(deps: Deps, payload: WorkPayload): Promise<WorkOutcome> {
  // Only `giveBackWork` writes such items.
  const what = payload as GiveBack;
  const credential = await find(deps, what);
  if (credential === undefined) {
    // Nothing to revoke; a pending connection whose profile was revoked or connected otherwise meanwhile is still to go.
    await deps.store.eraseGivenBack({ what, credentialSealed: '' });
    return { outcome: 'done' };
  }
  const revoked = await revokeAtProvider(deps, what, credential);
  if (revoked.outcome === 'done') await deps.store.eraseGivenBack({ what, credentialSealed: credential.credentialSealed });
  return revoked;
}

function find(deps: Deps, what: GiveBack): Promise<CredentialToGiveBack | undefined> {
  return deps.store.credentialToGiveBack({ what, nowMs: deps.now(), familyOf: (id) => familyOf(deps, id) });
}

async function revokeAtProvider(deps: Deps, what: GiveBack, credential: CredentialToGiveBack): Promise<WorkOutcome> {
  const service = serviceOf(deps, credential.provider);
  // Revoked elsewhere would end the living connection too; and a service that is no longer configured cannot be reached.
  const client = credential.shared || service === undefined ? undefined : await deps.clients.byId(service, credential.providerClientId);
  if (service === undefined || client === undefined) return { outcome: 'done' };
  const place = what.from === 'consent' ? consentCredentialPlace(credential.sealedFor) : credentialPlace(credential.sealedFor);
  const opened = readCredential(deps.vault.open(credential.dataKey, place, credential.credentialSealed));
  const connect = await service.connect();
  const revoked = await connect.revoke(client, opened);
  return revoked.outcome === 'unavailable'
    ? { outcome: 'later', reason: revoked.operatorHint, retryAfterMs: revoked.retryAfterMs }
    : { outcome: 'done' };
}
