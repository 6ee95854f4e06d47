import type { Backend } from '../backend.ts';
import type { CredentialToGiveBack } from '../storage/questions/give-back.ts';
import { newId } from '../vault/secrets.ts';
import { ACCESS_TOKEN_LIFE_SECONDS } from './redeem.ts';
import { credentialPlace, readCredential } from './sealed-places.ts';

const EVERY_MS = 60_000;
/** Credentials that are given back in one round. */
const BATCH = 50;
/** How long a redeemed code is remembered, so that somebody who finds it later is noticed. */
const REMEMBER_MS = 30 * 24 * 3600_000;

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'log' | 'now'>;

/** Gives back to the providers what nobody may keep, and forgets what has expired. What is to be done stands in the database, so a crash loses none of it. */
export interface Housekeeping {
  /** Does one round now, or right after the one that runs. */
  round(): Promise<void>;
  stop(): Promise<void>;
}

export function startHousekeeping(deps: Deps): Housekeeping {
  let running = Promise.resolve();
  let waiting = 0;
  // One after the other, and never more than one in wait: it will see everything that was written before it begins.
  const round = (): Promise<void> => {
    if (waiting > 0) return running;
    waiting += 1;
    running = running
      .then(() => {
        waiting -= 1;
        return oneRound(deps);
      })
      .catch((error: unknown) =>
        deps.log({ level: 'error', event: 'housekeeping_failed', error: error instanceof Error ? error.name : 'unknown' }),
      );
    return running;
  };
  const timer = setInterval(() => void round(), EVERY_MS);
  timer.unref();
  return {
    round,
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

async function oneRound(deps: Deps): Promise<void> {
  const nowMs = deps.now();
  for (const credential of await deps.store.credentialsToGiveBack({ nowMs, limit: BATCH })) await giveBackOrLog(deps, credential);
  await deps.store.forgetExpired({
    accessTokensBefore: idAt('tok_', nowMs - ACCESS_TOKEN_LIFE_SECONDS * 1000),
    codesBefore: idAt('cod_', nowMs - REMEMBER_MS),
    sessionsBefore: idAt('ses_', nowMs - REMEMBER_MS),
  });
}

/** The smallest id of that second: ids begin with their time. */
function idAt(prefix: string, atMs: number): string {
  return newId(prefix, atMs).slice(0, prefix.length + 8);
}

/** One credential that cannot be opened must not keep the others here. */
async function giveBackOrLog(deps: Deps, credential: CredentialToGiveBack): Promise<void> {
  try {
    await giveBack(deps, credential);
  } catch (error) {
    deps.log({
      level: 'error',
      event: 'give_back_failed',
      profile: credential.profileId,
      provider: credential.provider,
      error: error instanceof Error ? error.name : 'unknown',
    });
  }
}

async function giveBack(deps: Deps, credential: CredentialToGiveBack): Promise<void> {
  const provider = deps.providers.get(credential.provider);
  // Revoked elsewhere would end the living connection too; and a provider that is no longer configured cannot be reached.
  if (!credential.shared && provider !== undefined && provider.operatorClient.id === credential.providerClientId) {
    const connect = await provider.connect();
    const place = credentialPlace({ id: credential.profileId, applicationId: credential.applicationId });
    const revoked = await connect.revoke(
      provider.operatorClient,
      readCredential(deps.vault.open(credential.dataKey, place, credential.credentialSealed)),
    );
    if (revoked.outcome === 'unavailable') {
      deps.log({
        level: 'warn',
        event: 'give_back_failed',
        profile: credential.profileId,
        provider: provider.id,
        hint: revoked.operatorHint,
      });
      return;
    }
  }
  await deps.store.eraseGivenBack(credential);
}
