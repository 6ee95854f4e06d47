import type { Context } from 'hono';
import { bearerToken } from '../../oauth/bearer-token.ts';
import type { MicrosoftUser } from '../directory/people.ts';
import { EXCHANGE_ONLINE } from '../oauth/permissions.ts';
import { nameOf } from '../oauth/scopes.ts';
import type { MicrosoftParts } from '../parts.ts';
import { EwsFault } from '../../ews-operations/soap.ts';

/** What checking a caller uses. */
export type EwsCallerDeps = Pick<MicrosoftParts, 'tokens' | 'people' | 'tenants' | 'publicUrl'>;

/** Whose mailbox it is, or the status that turns the caller away. */
export type EwsCaller = { readonly user: MicrosoftUser } | { readonly status: 401 | 403 };

const PERMISSION = 'EWS.AccessAsUser.All';

/**
 * Says who calls.
 * @throws EwsFault where Exchange Online has no mailbox of that person
 */
export function readCaller(c: Context, deps: EwsCallerDeps): EwsCaller {
  const access = deps.tokens.findAccessToken(bearerToken(c) ?? '');
  const isForExchange = access?.isLive === true && access.resource === EXCHANGE_ONLINE.uri;
  const user = deps.people.find(access?.email ?? '');
  if (!isForExchange || user === undefined) {
    c.header('WWW-Authenticate', challenge(deps.publicUrl));
    return { status: 401 };
  }
  if (!access.scopes.some((scope) => nameOf(scope) === PERMISSION)) return { status: 403 };
  if (deps.tenants.find(access.tenantId)?.ewsEnabled === false) return { status: 403 };
  if (access.tenantId !== user.homeTenantId || user.mailbox === 'on_premises') {
    throw new EwsFault('ErrorNonExistentMailbox', 'The SMTP address has no mailbox associated with it.');
  }
  if (user.mailbox === 'none') {
    throw new EwsFault(
      'ErrorMissingEmailAddress',
      'When making a request as an account that does not have a mailbox, you must specify the mailbox primary SMTP address for any distinguished folder Ids.',
    );
  }
  return { user };
}

/** @see {@link https://learn.microsoft.com/exchange/hybrid-deployment/hybrid-modern-authentication} */
function challenge(publicUrl: string): string {
  const parameters = {
    client_id: EXCHANGE_ONLINE.appId,
    trusted_issuers: '00000001-0000-0000-c000-000000000000@*',
    token_types: 'app_asserted_user_v1 service_asserted_app_v1',
    authorization_uri: `${publicUrl}/common/oauth2/authorize`,
  };
  return `Bearer ${Object.entries(parameters)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`;
}
