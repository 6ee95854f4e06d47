import { AadstsError } from './aadsts.ts';
import type { Authority } from './authority.ts';
import { parseAddressee, type Callback, type Parsed, type RequestDeps } from './authorization-request.ts';
import type { MicrosoftClient } from './clients.ts';
import { GRAPH } from './permissions.ts';
import { parseScopes, registeredScopes } from './scopes.ts';

/** A request for an administrator's consent that passed every check. */
export interface AdminConsentRequest {
  readonly client: MicrosoftClient;
  readonly authority: Authority;
  readonly callback: Callback;
  /** Delegated permissions, in full spelling. */
  readonly scopes: readonly string[];
  /** Application permissions: asked with `.default` alone. */
  readonly roles: readonly string[];
  /** What the answer repeats as `scope`; the older endpoint has none. */
  readonly scope: string | undefined;
}

/** Which of the two endpoints was asked. */
export type AdminConsentVersion = 'v1' | 'v2';

/** What reads a request for an administrator's consent. */
export interface AdminConsentReading extends RequestDeps {
  readonly version: AdminConsentVersion;
}

/**
 * Reads a request for an administrator's consent.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/v2-admin-consent}
 */
export function parseAdminConsentRequest(
  segment: string,
  query: URLSearchParams,
  reading: AdminConsentReading,
): Parsed<AdminConsentRequest> {
  let callback: Callback | undefined;
  try {
    const { client, authority, redirectUri } = parseAddressee(segment, query, reading);
    if (authority.kind === 'consumers') throw new AadstsError(500208);
    callback = { redirectUri, responseMode: 'query', state: query.get('state') ?? undefined };
    return { ok: true, request: { client, authority, callback, ...askedPermissions(query, client, reading.version) } };
  } catch (error) {
    if (error instanceof AadstsError) return { ok: false, error, callback };
    throw error;
  }
}

function askedPermissions(
  query: URLSearchParams,
  client: MicrosoftClient,
  version: AdminConsentVersion,
): Pick<AdminConsentRequest, 'scopes' | 'roles' | 'scope'> {
  const registered = { scopes: registeredScopes(client), roles: client.permissions?.application ?? [] };
  if (version === 'v1') return { ...registered, scope: undefined };
  const scope = query.get('scope');
  if (scope === null || scope.trim() === '') throw new AadstsError(900144, { name: 'scope' });
  const asked = parseScopes(scope, client);
  const roles = [`${GRAPH.uri}/.default`, '.default'].includes(scope.trim()) ? registered.roles : [];
  return { scopes: [...asked.signIn, ...asked.access], roles, scope };
}
