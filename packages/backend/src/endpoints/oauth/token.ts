import type { Handler } from 'hono';
import { answerPrivateJson } from '../json-answer.ts';
import type { Backend } from '../../backend.ts';
import type { Application } from '../../storage/questions/applications.ts';
import { field, readFields } from '../request-body.ts';
import { requireClient } from './client-authentication.ts';
import { TokenError } from './token-error.ts';

/** One `grant_type` of the token endpoint. */
export interface Grant {
  readonly grantType: string;
  /** Answers with the JSON body. @throws TokenError */
  handle(application: Application, fields: ReadonlyMap<string, string>): Promise<Record<string, unknown>>;
}

/** `POST /oauth/token` ([RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)), as form or JSON. */
export function token(
  deps: Pick<Backend, 'store' | 'knownApplications' | 'limits' | 'trustedProxies' | 'now'> & { grants: readonly Grant[] },
): Handler {
  const grants = new Map(deps.grants.map((grant) => [grant.grantType, grant]));
  return async function token(c) {
    const fields = await readFields(c);
    const application = await requireClient(deps, c, fields);
    const grantType = field(fields, 'grant_type');
    if (grantType === undefined) throw new TokenError('invalid_request', `grant_type: expected one of ${[...grants.keys()].join(', ')}`);
    const grant = grants.get(grantType);
    if (grant === undefined) throw new TokenError('unsupported_grant_type', `grant_type: expected one of ${[...grants.keys()].join(', ')}`);
    return answerPrivateJson(await grant.handle(application, fields));
  };
}
