import type { Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { ConnectError } from '../../connect/connect-error.ts';
import { sessionBySecret } from '../../connect/session-status.ts';
import { adminPartOf, lookUpOrganisation, nameOrganisation, sayApprovalNeeded } from '../../connect/wait-for-admin.ts';
import type { Session } from '../../storage/session-row.ts';
import { clientKey } from '../client-address.ts';
import { type ConnectEnv, requireApplication } from '../cors.ts';
import { bearerToken } from '../credentials.ts';
import { answerJson } from '../json-answer.ts';
import { readJson } from '../request-body.ts';
import { pageStatus } from './session.ts';
import { readAdminApproval } from './session-requests.ts';

type Deps = Pick<Backend, 'store' | 'vault' | 'providers' | 'changes' | 'work' | 'limits' | 'trustedProxies' | 'publicUrl' | 'log' | 'now'>;

/** `POST /connect/sessions/{id}/admin_approval`: the person says that they were told they need approval, or which organisation it is. */
export function adminApproval(deps: Deps): Handler<ConnectEnv> {
  return async function adminApproval(c) {
    const { email } = await readAdminApproval(await readJson(c));
    const session = await sessionBySecret(deps.store, {
      id: c.req.param('id') ?? '',
      secret: bearerToken(c) ?? '',
      applicationId: requireApplication(c).id,
    });
    adminPartOf(deps, session);
    if (email !== undefined) deps.limits.countLookup(clientKey(deps, c));
    // What is wrong with the address is said before anything is changed or told.
    const named = email === undefined ? undefined : await organisationOf(deps, session, email);
    const waiting = await sayApprovalNeeded(deps, session);
    if (named !== undefined) await nameOrganisation(deps, waiting, named);
    return answerJson(c, await pageStatus(deps, (await deps.store.findSession(session.id)) ?? waiting.session));
  };
}

async function organisationOf(deps: Deps, session: Session, email: string) {
  const found = await lookUpOrganisation(deps, session, email);
  switch (found.outcome) {
    case 'found':
      return found;
    case 'email_invalid':
      throw new ConnectError('invalid_request', 'email: expected a mail address, or the domain of an organisation');
    case 'personal':
      throw new ConnectError('approval_not_applicable', 'email: a personal account needs no administrator');
    case 'organisation_unknown':
      throw new ConnectError('organisation_unknown', 'email: the provider knows no organisation of this domain');
    case 'unavailable':
      throw new ConnectError('server_error', 'The provider’s directory did not answer. Try again.');
    default:
      return found satisfies never;
  }
}
