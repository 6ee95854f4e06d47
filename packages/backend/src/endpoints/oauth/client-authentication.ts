import type { Context } from 'hono';
import { authenticateApplication } from '../../accounts/authenticate-application.ts';
import type { Backend } from '../../backend.ts';
import type { Application } from '../../storage/questions/applications.ts';
import { clientKey } from '../client-address.ts';
import { basicCredentials } from '../credentials.ts';
import { field } from '../request-body.ts';
import { TokenError } from './token-error.ts';

/**
 * The application that asks: by `client_id` and `client_secret` in the body, or by HTTP Basic
 * ([RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
 *
 * An `Authorization: Bearer` is ignored: several SDKs send `Bearer undefined` or an old token along with the credentials in the body.
 *
 * @throws RateLimited after too many wrong secrets
 * @throws TokenError `invalid_client`, 401 after Basic and 400 otherwise, as those SDKs expect; `invalid_request` where both ways are used
 */
export async function requireClient(
  deps: Pick<Backend, 'store' | 'knownApplications' | 'limits' | 'trustedProxies' | 'now'>,
  c: Context,
  fields: ReadonlyMap<string, string>,
): Promise<Application> {
  const basic = basicCredentials(c);
  if (basic === undefined && !isIgnored(c.req.header('authorization'))) {
    throw new TokenError('invalid_client', 'Authorization: expected Basic with client id and secret, each form-encoded', 401);
  }
  const clientSecret = field(fields, 'client_secret');
  if (basic !== undefined && clientSecret !== undefined)
    throw new TokenError('invalid_request', 'client_secret: expected in one place only');
  const clientId = field(fields, 'client_id');
  if (basic !== undefined && clientId !== undefined && clientId !== basic.clientId) {
    throw new TokenError('invalid_request', 'client_id: expected the same in the body as in the header');
  }
  const credentials = basic ?? (clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : undefined);
  const application = credentials && (await authenticateApplication(deps, { ...credentials, address: clientKey(deps, c) }));
  if (application === undefined) {
    throw new TokenError('invalid_client', 'client_id, client_secret: expected those of an application', basic === undefined ? 400 : 401);
  }
  return application;
}

/** None, or a Bearer, whatever follows it. */
function isIgnored(authorization: string | undefined): boolean {
  return authorization === undefined || /^bearer\b/i.test(authorization);
}
