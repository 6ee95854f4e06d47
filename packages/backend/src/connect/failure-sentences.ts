import type { FailureSentences } from '@calendar-connect/protocol';
import { en } from '@calendar-connect/protocol/sentences/en';
import type { Backend } from '../backend.ts';
import type { Session } from '../storage/session-row.ts';

/**
 * What a failed session's person is told: what happened, as its provider explains its own code where it can, and what to do.
 * `undefined`: the session has not failed.
 */
export async function failureSentences(deps: Pick<Backend, 'providers'>, session: Session): Promise<FailureSentences | undefined> {
  if (session.failureReason === undefined) return undefined;
  const sentences = en.failures[session.failureReason];
  const explained = await explain(deps, session);
  return explained === undefined ? sentences : { ...sentences, happened: explained };
}

async function explain({ providers }: Pick<Backend, 'providers'>, { provider, failureCode }: Session): Promise<string | undefined> {
  if (failureCode === undefined) return undefined;
  const connect = await providers.get(provider ?? '')?.connect();
  return connect?.explain?.(failureCode);
}
