import { readChallenges } from '../log-in/challenges.ts';
import type { Refusal } from '../log-in/outcome.ts';
import type { TraceMeaning } from './trace.ts';

/** A refusal in a few words, and what it means for the search. */
export function tellRefusal(refusal: Refusal): { readonly answered: string; readonly means: TraceMeaning } {
  switch (refusal.outcome) {
    case 'credential_invalid':
      return { answered: `${refusal.field} ${refusal.why}`, means: 'login_impossible' };
    case 'wrong_password':
      return { answered: '401', means: 'login_refused' };
    case 'locked_or_expired':
      return { answered: refusal.code, means: 'login_refused' };
    case 'not_allowed':
      return { answered: refusal.code ?? '403', means: 'login_refused' };
    case 'throttled':
      return { answered: refusal.retryAfterMs === undefined ? 'busy' : `busy for ${refusal.retryAfterMs} ms`, means: 'busy' };
    case 'unreachable':
      return { answered: refusal.reason, means: 'no_answer' };
    case 'certificate_untrusted':
      return { answered: `certificate ${refusal.why}`, means: 'certificate_untrusted' };
    case 'address_refused':
      return { answered: refusal.why, means: 'address_refused' };
    case 'too_old':
      return { answered: refusal.reason, means: 'too_old' };
    case 'modern_auth':
      return { answered: '401 Bearer', means: 'login_impossible' };
    case 'downgrade_refused':
      return { answered: '401 Basic', means: 'password_kept' };
    case 'not_exchange':
      return { answered: String(refusal.status), means: 'no_autodiscover' };
    case 'unexpected':
      return { answered: refusal.detail, means: 'login_impossible' };
  }
}

/** Names of schemes that we know; others are a server's own text. */
const SHOWN_SCHEMES: Readonly<Record<string, string>> = {
  ntlm: 'NTLM',
  negotiate: 'Negotiate',
  basic: 'Basic',
  bearer: 'Bearer',
  digest: 'Digest',
};

/** A status, with the ways to log in that it offers. */
export function tellStatus(response: Response): string {
  const schemes = readChallenges(response.headers.get('www-authenticate')).map(({ scheme }) => SHOWN_SCHEMES[scheme] ?? 'other');
  return [String(response.status), [...new Set(schemes)].join(', ')].filter((part) => part !== '').join(' ');
}
