import type { AccessMode } from '@calendar-connect/protocol';
import { modeOf } from '../mode-of.ts';
import type { AdminApproval, ApprovalReading } from '../admin-approval.ts';
import type { ProviderClient } from '../provider.ts';
import { approvalInstructions } from './admin-instructions.ts';
import { authorizationAddress, createMicrosoftKeys } from './connect.ts';
import { redeem } from './exchange.ts';
import { GRAPH_SCOPE_PREFIX, OFFLINE_ACCESS, ORGANIZATIONS_AUTHORITY, SIGN_IN_SCOPES } from './manifest.ts';
import { describeError, errorOfCallback, kindOf, type ReceivedError } from './oauth-errors.ts';
import type { MicrosoftSettings } from './options.ts';
import { findOrganisation } from './organisation.ts';
import { missingScopes } from './scopes.ts';

/** The part of the Microsoft provider by which an administrator allows it for an organisation. */
export function createMicrosoftAdminApproval(settings: MicrosoftSettings): AdminApproval {
  const keys = createMicrosoftKeys(settings);
  return {
    findOrganisation: (emailOrDomain) => findOrganisation(settings, emailOrDomain),
    approvalUrl: (client, request) => approvalUrl(settings, client, request),
    readApproval,
    proofUrl: (client, { organisation, mode, ...request }) =>
      authorizationAddress(settings, client, {
        ...request,
        authority: organisation ?? ORGANIZATIONS_AUTHORITY,
        scopes: proofScopes(settings, mode),
      }),
    async prove(client, { organisation, mode, ...request }) {
      const authority = organisation ?? ORGANIZATIONS_AUTHORITY;
      const redeemed = await redeem(settings, keys, { client, request: { ...request, authority } });
      if (redeemed.outcome === 'redeemed') {
        const missing = missingScopes(proofScopes(settings, mode), redeemed.issued.grantedScopes ?? []);
        if (missing.length === 0) return { outcome: 'proven', identity: redeemed.identity };
        return {
          outcome: 'failed',
          reason: 'scopes_missing',
          operatorHint: `what was to be approved is not granted: ${missing.join(' ')}`,
        };
      }
      if (redeemed.outcome === 'failed') return redeemed;
      const { kind, operatorHint } = redeemed;
      const reason = kind.exchange === 'admin_approval_needed' ? 'provider_refused' : kind.exchange;
      return { outcome: 'failed', reason, operatorHint };
    },
    instructions: (client, mode) => approvalInstructions(client, modeOf('microsoft', settings, mode).scopes),
  };
}

/** What was to be approved, and who they are: no refresh token, since nothing of it is kept. */
function proofScopes(settings: MicrosoftSettings, mode: AccessMode): readonly string[] {
  return modeOf('microsoft', settings, mode).scopes.filter((scope) => scope !== OFFLINE_ACCESS);
}

/**
 * Where an administrator consents for everybody. `common` is not known there. What is asked for is spelt out, never `.default`: that would
 * be whatever the registration lists, the other mode's permissions too.
 *
 * @see [Request the permissions from a directory admin](https://learn.microsoft.com/entra/identity-platform/v2-admin-consent#request-the-permissions-from-a-directory-admin)
 */
function approvalUrl(settings: MicrosoftSettings, client: ProviderClient, request: Parameters<AdminApproval['approvalUrl']>[1]): URL {
  const authority = request.organisation ?? ORGANIZATIONS_AUTHORITY;
  const url = new URL(`${settings.endpoints.authority}/${encodeURIComponent(authority)}/v2.0/adminconsent`);
  const { scopes } = modeOf('microsoft', settings, request.mode);
  url.search = new URLSearchParams({
    client_id: client.clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    scope: scopes.map(inFull).join(' '),
  }).toString();
  return url;
}

/** Only a permission of Graph's goes without the address of its resource. */
function inFull(scope: string): string {
  return SIGN_IN_SCOPES.includes(scope) || scope.includes('://') ? scope : GRAPH_SCOPE_PREFIX + scope;
}

/**
 * Reads what came back. The error comes first: Microsoft writes `admin_consent=True` beside errors, too. `tenant` is not read at all: anybody
 * can have typed it.
 *
 * @see [Error response](https://learn.microsoft.com/entra/identity-platform/v2-admin-consent#error-response)
 */
function readApproval(query: URLSearchParams): ApprovalReading {
  for (const name of ['error', 'error_description', 'admin_consent']) {
    if (query.getAll(name).length > 1) return failed(`the answer names ${name} more than once`);
  }
  const received = errorOfCallback(query);
  if (received !== undefined) {
    // `cancel` is somebody who turned back, or was turned away because they are no administrator.
    const isRefusal = kindOf(received).callback === 'declined' && received.suberror !== 'cancel';
    const isNo = isRefusal || (received.code === undefined && received.error === 'consent_required');
    return isNo ? { outcome: 'declined' } : failed(describeError(received), becauseOf(received));
  }
  return query.get('admin_consent')?.toLowerCase() === 'true'
    ? { outcome: 'approved' }
    : failed('the answer says neither that it is approved nor why not');
}

type Failed = Extract<ApprovalReading, { outcome: 'failed' }>;

function failed(operatorHint: string, because: Failed['because'] = 'unavailable'): Failed {
  return { outcome: 'failed', because, operatorHint };
}

function becauseOf(received: ReceivedError): Failed['because'] {
  const { callback } = kindOf(received);
  if (received.suberror === 'cancel' || callback === 'admin_approval_needed') return 'not_administrator';
  return callback === 'wrong_account' ? 'other_organisation' : 'unavailable';
}
