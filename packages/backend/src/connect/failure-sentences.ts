import { type FailureSentences, fill } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import type { Backend } from '../backend.ts';
import type { Session } from '../storage/session-row.ts';
import { changedConnection } from './changed-connection.ts';

/**
 * What a failed session's person is told: what happened, as its provider explains its own code where it can, and what to do.
 * `undefined`: nothing has failed.
 */
export async function failureSentences(
  deps: Pick<Backend, 'providers' | 'store'>,
  session: Pick<Session, 'failureReason' | 'failureCode' | 'provider' | 'forProfile' | 'applicationId'>,
): Promise<FailureSentences | undefined> {
  if (session.failureReason === undefined) return undefined;
  if (session.failureReason === 'wrong_account' && session.forProfile !== undefined) {
    const expected = await changedConnection(deps, session);
    if (expected !== undefined) return anotherLogin(expected.name);
  }
  const sentences = en.failures[session.failureReason];
  const explained = await explain(deps, session);
  return explained === undefined ? sentences : { ...sentences, happened: explained };
}

/** Which one it is to be, where the session is to change that one's connection. */
function anotherLogin(name: string): FailureSentences {
  return { happened: fill(en.anotherLogin.happened, { name }), todo: fill(en.anotherLogin.todo, { name }) };
}

async function explain(
  { providers }: Pick<Backend, 'providers'>,
  { provider, failureCode }: Pick<Session, 'provider' | 'failureCode'>,
): Promise<string | undefined> {
  if (failureCode === undefined) return undefined;
  const connect = await providers.get(provider ?? '')?.connect();
  return connect?.explain?.(failureCode);
}
