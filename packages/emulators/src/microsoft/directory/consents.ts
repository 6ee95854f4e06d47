import type { Principal } from './people.ts';

/** What administrators and people let clients do. Scopes are in their full spelling. */
export interface Consents {
  /** Returns the delegated scopes that a client has for this person: the organisation's and the person's own. */
  readonly scopesFor: (principal: Principal, clientId: string) => ReadonlySet<string>;
  /** Notes an administrator's consent for everybody; it takes effect at `effectiveMs`. */
  readonly grantForTenant: (grant: TenantGrant) => void;
  readonly grantForUser: (principal: Principal, clientId: string, scopes: readonly string[]) => void;
  /** Returns the application permissions that an organisation gave a client. */
  readonly rolesOf: (tenantId: string, clientId: string) => readonly string[];
  /** Says whether a client was ever let into an organisation, so that it has a service principal there. */
  readonly isKnown: (tenantId: string, clientId: string) => boolean;
  /** Forgets what an organisation and its people let a client do, as deleting the enterprise application does. */
  readonly forgetTenant: (tenantId: string, clientId: string) => void;
  /** Forgets what one person let a client do. The organisation's consent stays. */
  readonly forgetUser: (principal: Principal, clientId: string) => void;
}

/** An administrator's consent. */
export interface TenantGrant {
  readonly tenantId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** Milliseconds since 1970. */
  readonly effectiveMs: number;
}

/** Creates the register of consents. */
export function createConsents(now: () => number): Consents {
  const ofTenants = new Map<string, Map<string, number>>();
  const ofUsers = new Map<string, Set<string>>();
  const roles = new Map<string, string[]>();
  const known = new Set<string>();

  const tenantKey = (tenantId: string, clientId: string): string => `${tenantId} ${clientId}`;
  const userKey = ({ tenantId, oid }: Principal, clientId: string): string => `${tenantId} ${clientId} ${oid}`;
  return {
    scopesFor: (principal, clientId) => {
      const wide = [...(ofTenants.get(tenantKey(principal.tenantId, clientId)) ?? [])].filter(([, fromMs]) => fromMs <= now());
      return new Set([...wide.map(([scope]) => scope), ...(ofUsers.get(userKey(principal, clientId)) ?? [])]);
    },
    grantForTenant: (grant) => {
      const key = tenantKey(grant.tenantId, grant.clientId);
      const scopes = ofTenants.get(key) ?? new Map<string, number>();
      for (const scope of grant.scopes) scopes.set(scope, Math.min(scopes.get(scope) ?? Infinity, grant.effectiveMs));
      ofTenants.set(key, scopes);
      roles.set(key, [...new Set([...(roles.get(key) ?? []), ...grant.roles])]);
      known.add(key);
    },
    grantForUser: (principal, clientId, scopes) => {
      const key = userKey(principal, clientId);
      ofUsers.set(key, new Set([...(ofUsers.get(key) ?? []), ...scopes]));
      known.add(tenantKey(principal.tenantId, clientId));
    },
    rolesOf: (tenantId, clientId) => roles.get(tenantKey(tenantId, clientId)) ?? [],
    isKnown: (tenantId, clientId) => known.has(tenantKey(tenantId, clientId)),
    forgetTenant: (tenantId, clientId) => {
      const key = tenantKey(tenantId, clientId);
      ofTenants.delete(key);
      roles.delete(key);
      known.delete(key);
      for (const user of ofUsers.keys()) if (user.startsWith(`${key} `)) ofUsers.delete(user);
    },
    forgetUser: (principal, clientId) => {
      ofUsers.delete(userKey(principal, clientId));
    },
  };
}
