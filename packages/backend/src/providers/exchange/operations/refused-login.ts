import { type EwsRefusal, refusal } from '../../ews/caller.ts';
import type { Refusal } from '../log-in/outcome.ts';

/**
 * Tells a connection that there is none of in the words of answers. A server that takes tokens only or shows another certificate may do so for
 * an hour: that costs nobody the connection.
 */
export function refusedLogin(refused: Refusal): EwsRefusal {
  switch (refused.outcome) {
    case 'wrong_password':
    case 'credential_invalid':
      return refusal({ status: 401 });
    case 'locked_or_expired':
      return refusal({ code: refused.code });
    case 'not_allowed':
      return refusal({ status: 403, code: refused.code });
    case 'throttled':
      return refusal({ status: 503, code: refused.code, retryAfterMs: refused.retryAfterMs });
    case 'unreachable':
    case 'too_old':
      return refusal({ noAnswer: `${refused.outcome} ${refused.reason}` });
    case 'certificate_untrusted':
    case 'address_refused':
      return refusal({ noAnswer: `${refused.outcome} ${refused.why}` });
    case 'not_exchange':
      return refusal({ noAnswer: `${refused.outcome} ${refused.status}` });
    case 'unexpected':
      return refusal({ noAnswer: `${refused.outcome} ${refused.detail}` });
    case 'modern_auth':
    case 'downgrade_refused':
      return refusal({ noAnswer: refused.outcome });
  }
}
