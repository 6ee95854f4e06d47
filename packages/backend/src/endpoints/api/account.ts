import type { Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { answerPrivateJson } from '../json-answer.ts';
import { authorized } from './authorized.ts';

/**
 * `GET /v1/account`: whose account a token is for. Every token may ask it: sign-in strategies take their user id from it. `provider_name` and
 * `provider_service`, which tell the access mode, are those of the account's first calendar login; `/v1/profiles` has those of all.
 */
export function account(deps: Pick<Backend, 'store' | 'now'>): Handler {
  return authorized(deps, 'account', ({ account: { accountId, email, profiles, scope } }) => {
    const first = profiles.find(({ kind }) => kind === 'calendar');
    return answerPrivateJson({
      account: {
        account_id: accountId,
        email: email ?? null,
        name: email ?? first?.name ?? null,
        scope,
        // As in userinfo: the provider's own is not known, and partners expect a valid one.
        default_tzid: 'Etc/UTC',
        ...(first === undefined ? {} : { provider_name: first.providerName, provider_service: first.providerService }),
      },
    });
  });
}
