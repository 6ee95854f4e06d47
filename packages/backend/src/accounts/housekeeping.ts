import type { Backend } from '../backend.ts';
import { describeError } from '../log.ts';
import type { CredentialToGiveBack } from '../storage/questions/give-back.ts';
import { newId } from '../vault/secrets.ts';
import { ACCESS_TOKEN_LIFE_SECONDS } from './redeem.ts';
import { credentialPlace, readCredential } from './sealed-places.ts';

const EVERY_MS = 60_000;
/** How long a stop waits for a whole round: whoever stops us does not wait for a slow provider. */
const STOP_GRACE_MS = 2000;
/** Credentials of each kind that are looked up at once. */
const BATCH = 50;
/** How long a redeemed code is remembered, so that somebody who finds it later is noticed. */
const REMEMBER_MS = 30 * 24 * 3600_000;

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'log' | 'now'>;

/** Gives back to the providers what nobody may keep, and forgets what has expired. What is to be done stands in the database, so a crash loses none of it. */
export interface Housekeeping {
  /** Does one round now, or right after the one that runs. */
  round(): Promise<void>;
  /** Lets a round that runs end within two seconds; what it has not come to by then waits for the next start. */
  stop(): Promise<void>;
}

/** Does a round every minute, and whenever it is asked to. */
export function startHousekeeping(deps: Deps): Housekeeping {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let waiting = 0;
  // One after the other, and never more than one in wait: it will see everything that was written before it begins.
  const round = (): Promise<void> => {
    if (waiting > 0) return running;
    waiting += 1;
    running = running
      .then(() => {
        waiting -= 1;
        return oneRound(deps, stopping.signal);
      })
      .catch((error: unknown) => deps.log({ level: 'error', event: 'housekeeping_failed', ...describeError(error) }));
    return running;
  };
  const timer = setInterval(() => void round(), EVERY_MS);
  timer.unref();
  return {
    round,
    stop: async () => {
      clearInterval(timer);
      const grace = setTimeout(() => stopping.abort(), STOP_GRACE_MS);
      await running;
      clearTimeout(grace);
    },
  };
}

async function oneRound(deps: Deps, stopping: AbortSignal): Promise<void> {
  const nowMs = deps.now();
  await giveBackAll(deps, nowMs, stopping);
  if (stopping.aborted) return;
  await deps.store.forgetExpired({
    accessTokensBefore: idAt('tok_', nowMs - ACCESS_TOKEN_LIFE_SECONDS * 1000),
    codesBefore: idAt('cod_', nowMs - REMEMBER_MS),
    sessionsBefore: idAt('ses_', nowMs - REMEMBER_MS),
  });
}

/** Goes through all of them, page by page: those that cannot be given back now must not keep the others here. */
async function giveBackAll(deps: Deps, nowMs: number, stopping: AbortSignal): Promise<void> {
  const after = { sessionId: '', profileId: '' };
  for (;;) {
    const page = await deps.store.credentialsToGiveBack({ nowMs, limit: BATCH, after });
    if (page.length === 0) return;
    for (const credential of page) {
      if (stopping.aborted) return;
      await giveBackOrLog(deps, credential);
      if (credential.from.kind === 'pending') after.sessionId = credential.from.sessionId;
      else after.profileId = credential.profileId;
    }
  }
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
      ...describeError(error),
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
