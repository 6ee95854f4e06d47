import type { Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { answerPrivateJson } from '../json-answer.ts';
import { authorized } from './authorized.ts';

/** `GET /v1/account`: whose account a token is for. Every token may ask it: sign-in strategies take their user id from it. */
export function account(deps: Pick<Backend, 'store' | 'now'>): Handler {
  return authorized(deps, 'account', ({ account: { accountId, email, profiles, scope } }) =>
    answerPrivateJson({
      account: {
        account_id: accountId,
        email: email ?? null,
        name: email ?? profiles[0]?.name ?? null,
        scope,
        // As in userinfo: the provider's own is not known, and partners expect a valid one.
        default_tzid: 'Etc/UTC',
      },
    }),
  );
}
