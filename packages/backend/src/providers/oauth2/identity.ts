import { type Answer, describeAnswer } from '../answer.ts';
import type { Identity } from '../provider.ts';
import type { IdentityReading } from './vendor.ts';

/** Answers in which a vendor says that it does not tell whose access token this is. */
const REFUSALS: readonly number[] = [400, 401, 403, 404];

/** Reads who somebody is from what the vendor answered to their own access token. An answer of somebody else's says nothing about them. */
export function readIdentity(what: string, answer: Answer, parse: (body: unknown) => Identity | undefined): IdentityReading {
  const identity = answer.answered && answer.status === 200 ? parse(answer.body) : undefined;
  if (identity !== undefined) return { outcome: 'identified', identity };
  const isRefusal = answer.answered && answer.body !== undefined && REFUSALS.includes(answer.status);
  return {
    outcome: 'failed',
    reason: isRefusal ? 'identity_unverified' : 'provider_unavailable',
    operatorHint: describeAnswer(what, answer),
  };
}
