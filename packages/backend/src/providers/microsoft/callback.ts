import type { FailureReason } from '@calendar-connect/protocol';
import type { CallbackReading } from '../provider.ts';
import { AADSTS } from './aadsts.ts';
import { type ReceivedError, describeError, errorOfCallback, kindOf, nameOf } from './oauth-errors.ts';

/** Microsoft names no limit; theirs are around one thousand. */
const MAX_CODE_CHARACTERS = 8192;
/** The errors of a trip that had to show something and might not. */
const INTERACTION_ERRORS: readonly string[] = ['interaction_required', 'login_required', 'account_selection_required'];

/**
 * Reads what Microsoft sent to the callback. Parameters we do not know (`session_state`, `client_info`) are ignored: nothing of this query
 * is proof of anything.
 *
 * Who is turned away at *Need admin approval* and goes back brings no more than `access_denied` and `error_subcode=cancel`. So does who
 * presses *Back* on the page before, hence "perhaps": the waiting page lets them try again.
 *
 * @see [Error response](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-response)
 */
export function readCallback(query: URLSearchParams): CallbackReading {
  for (const name of ['code', 'error', 'error_description', 'error_subcode']) {
    if (query.getAll(name).length > 1) return failed('provider_refused', `the callback names ${name} more than once`);
  }
  const code = query.get('code');
  const received = errorOfCallback(query);
  if (received !== undefined && code !== null) return failed('provider_refused', 'the callback brings a code and an error');
  if (received !== undefined) return readError(received);
  if (code === null || code === '' || code.length > MAX_CODE_CHARACTERS) {
    return failed('provider_refused', 'the callback brings no usable code');
  }
  return { outcome: 'code', code };
}

function readError(received: ReceivedError): CallbackReading {
  const told = { operatorHint: describeError(received), ...nameOf(received) };
  const meaning = effectOf(received);
  switch (meaning) {
    case 'declined':
      return { outcome: 'declined' };
    case 'admin_approval_needed':
      return { outcome: meaning, operatorHint: told.operatorHint };
    case 'interaction_required':
      return { outcome: meaning, ...told };
    default:
      return { outcome: 'failed', reason: meaning, ...told };
  }
}

/**
 * A code that we know says most; `cancel` without one says that somebody turned back. Microsoft writes `interaction_required` beside definite
 * refusals, too: only where the code leaves it open is it believed that a sign-in would help.
 */
function effectOf(received: ReceivedError): ReturnType<typeof kindOf>['callback'] {
  const { callback } = kindOf(received);
  const isKnown = received.code !== undefined && AADSTS.has(received.code);
  if (callback === 'declined' && received.suberror === 'cancel' && !isKnown) return 'admin_approval_needed';
  const isOpen = callback === 'provider_refused' || callback === 'sign_in_required';
  return INTERACTION_ERRORS.includes(received.error) && isOpen ? 'interaction_required' : callback;
}

function failed(reason: FailureReason, operatorHint: string): CallbackReading {
  return { outcome: 'failed', reason, operatorHint };
}
