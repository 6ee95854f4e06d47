import type { ConnectionSummary } from '@calendar-connect/protocol';
import type { Handler } from 'hono';
import { answerJson } from '../json-answer.ts';
import { redeemForReceipt } from '../../accounts/redeem.ts';
import type { Backend } from '../../backend.ts';
import { ConnectError } from '../../connect/connect-error.ts';
import { type ConnectEnv, requireApplication, requirePageOrigin } from '../cors.ts';
import { clientKey } from '../client-address.ts';
import { readJson } from '../request-body.ts';
import { readExchange } from './session-requests.ts';

/** `POST /connect/exchange`: the page hands its code over; tokens stay here, and the page's server can redeem the receipt. */
export function exchange(deps: Pick<Backend, 'store' | 'vault' | 'work' | 'limits' | 'trustedProxies' | 'now'>): Handler<ConnectEnv> {
  return async function exchange(c) {
    const application = requireApplication(c);
    requirePageOrigin(c);
    const request = await readExchange(await readJson(c));
    const redeemed = await redeemForReceipt(deps, {
      code: request.code,
      codeVerifier: request.code_verifier,
      applicationId: application.id,
      redirectUri: undefined,
    });
    if (redeemed === undefined) {
      deps.limits.countWrongCode(clientKey(deps, c));
      throw new ConnectError(
        'invalid_grant',
        'code: unknown, expired, already used, or not made for this verifier. Poll the session for another',
      );
    }
    const { profile } = redeemed;
    return answerJson(c, {
      account_id: redeemed.accountId,
      profile_id: profile.id,
      provider: profile.provider,
      access_mode: profile.accessMode,
      name: profile.name,
      receipt: redeemed.receipt,
    } satisfies ConnectionSummary);
  };
}
