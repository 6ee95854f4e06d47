import type { CallbackReading } from '../provider.ts';
import type { GoogleOAuthSettings } from './options.ts';
import { type Failure, failureOf } from './oauth-errors.ts';

/** Google says 256 bytes; the rest is room for others. [OAuth 2.0 token size](https://developers.google.com/identity/protocols/oauth2#size) */
const MAX_CODE_CHARACTERS = 1024;

/**
 * Reads what Google sent to the callback. Parameters we do not know (`scope`, `authuser`, `prompt`, `hd`) are ignored: nothing of this
 * query is proof of anything, the scopes granted are in the token answer.
 *
 * @see [Authorization response](https://developers.google.com/identity/protocols/oauth2/web-server#handlingresponse)
 */
export function readCallback(settings: GoogleOAuthSettings, query: URLSearchParams): CallbackReading {
  const code = query.get('code');
  const error = query.get('error');
  for (const name of ['code', 'error', 'iss']) {
    if (query.getAll(name).length > 1) return refused(`the callback names ${name} more than once`);
  }
  // [RFC 9207 §2.4](https://www.rfc-editor.org/rfc/rfc9207#section-2.4): an answer of another server, mixed up with ours, is discarded.
  const issuer = query.get('iss');
  if (issuer !== null && issuer !== settings.endpoints.issuer) return refused('the callback comes from another issuer');
  if (error === 'access_denied' && code === null) return { outcome: 'declined' };
  if (error !== null) return { outcome: 'failed', ...failureOf(error) };
  if (code === null || code === '' || code.length > MAX_CODE_CHARACTERS) return refused('the callback brings no usable code');
  return { outcome: 'code', code };
}

function refused(operatorHint: string): CallbackReading & Failure {
  return { outcome: 'failed', reason: 'provider_refused', operatorHint };
}
