import { guidOf, isGuid } from './guid.ts';

/**
 * The tenant that every personal account belongs to.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference}
 */
export const CONSUMERS_TENANT_ID = '9188040d-6c67-4c5b-b112-36a304b66dad';

/**
 * What people may consent to without their administrator.
 *
 * - `user`: everything but what always needs an administrator.
 * - `admin`: Microsoft's managed policy, the default of new tenants: signing in and `User.Read`, no calendar.
 * - `workflow`: the same, with a page that sends the administrator a request.
 * - `closed`: nothing, not even signing in.
 *
 * @see {@link https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies}
 */
export const CONSENT_POLICIES = ['user', 'admin', 'workflow', 'closed'] as const;

/** One of {@link CONSENT_POLICIES}. */
export type ConsentPolicy = (typeof CONSENT_POLICIES)[number];

/** An organisation, to start with. */
export interface TenantSeed {
  /** A GUID; the default follows from the domain. */
  readonly id?: string;
  /** The verified domain, which may stand for the id in addresses. */
  readonly domain: string;
  readonly displayName: string;
  /** The default is `admin`, as Microsoft's. */
  readonly consentPolicy?: ConsentPolicy;
  /** Whether Exchange Online answers EWS there (`EwsEnabled`). The default is `true`; Microsoft's is `false` since October 2026. */
  readonly ewsEnabled?: boolean;
}

/** An organisation. */
export interface Tenant {
  readonly id: string;
  readonly domain: string;
  readonly displayName: string;
  consentPolicy: ConsentPolicy;
  ewsEnabled: boolean;
  /** The clients that its administrator disabled, or left for assigned people only. */
  readonly disabledClients: Set<string>;
  readonly assignedOnlyClients: Set<string>;
}

/** The organisations, and the one of personal accounts. */
export interface Tenants {
  readonly all: () => readonly Tenant[];
  readonly add: (seed: TenantSeed) => Tenant;
  /** Finds a tenant by its id or domain. */
  readonly find: (idOrDomain: string) => Tenant | undefined;
}

/**
 * Creates the register of organisations.
 * @throws TypeError for an id that is no GUID.
 */
export function createTenants(seeds: readonly TenantSeed[]): Tenants {
  const byId = new Map<string, Tenant>();
  const add = (seed: TenantSeed): Tenant => {
    const tenant = toTenant(seed);
    byId.set(tenant.id, tenant);
    return tenant;
  };
  const consumers = toTenant({ id: CONSUMERS_TENANT_ID, domain: 'live.com', displayName: 'Microsoft account', consentPolicy: 'user' });
  byId.set(consumers.id, consumers);
  for (const seed of seeds) add(seed);
  return {
    all: () => [...byId.values()].filter((tenant) => tenant !== consumers),
    add,
    find: (idOrDomain) => {
      const wanted = idOrDomain.toLowerCase();
      return byId.get(wanted) ?? [...byId.values()].find((tenant) => tenant.domain === wanted);
    },
  };
}

function toTenant({ id, domain, displayName, consentPolicy = 'admin', ewsEnabled = true }: TenantSeed): Tenant {
  if (id !== undefined && !isGuid(id)) throw new TypeError(`tenants[].id: expected a GUID, received ${id}`);
  return {
    id: id?.toLowerCase() ?? guidOf(domain),
    domain: domain.toLowerCase(),
    displayName,
    consentPolicy,
    ewsEnabled,
    disabledClients: new Set(),
    assignedOnlyClients: new Set(),
  };
}
