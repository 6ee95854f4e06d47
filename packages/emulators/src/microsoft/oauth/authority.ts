import { isGuid } from '../directory/guid.ts';
import { homePrincipal, type MicrosoftUser, type People, type Principal } from '../directory/people.ts';
import { CONSUMERS_TENANT_ID, type Tenant, type Tenants } from '../directory/tenants.ts';
import { AadstsError } from './aadsts.ts';
import { appNameOf, audienceOf, type MicrosoftClient } from './clients.ts';

/**
 * Who may sign in at an address, by its first segment: anybody, any organisation, personal accounts, or one tenant.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints}
 */
export interface Authority {
  readonly kind: 'common' | 'organizations' | 'consumers' | 'tenant';
  /** The one tenant, of `consumers` too. */
  readonly tenant: Tenant | undefined;
  /** What a code is bound to: the same for a tenant's id and its domain. */
  readonly key: string;
}

const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/**
 * Reads the first segment of an address.
 * @throws AadstsError 90002 for a tenant that does not exist, 900023 for what cannot be one.
 */
export function parseAuthority(segment: string, tenants: Tenants): Authority {
  if (segment === 'common' || segment === 'organizations') return { kind: segment, tenant: undefined, key: segment };
  if (segment === 'consumers') return { kind: 'consumers', tenant: tenants.find(CONSUMERS_TENANT_ID), key: CONSUMERS_TENANT_ID };
  if (!isGuid(segment) && !DOMAIN.test(segment)) throw new AadstsError(900023, { tenant: segment });
  const tenant = tenants.find(segment);
  if (tenant === undefined) throw new AadstsError(90002, { tenant: segment });
  return { kind: tenant.id === CONSUMERS_TENANT_ID ? 'consumers' : 'tenant', tenant, key: tenant.id };
}

/**
 * Checks that the app is registered for this address.
 * @throws AadstsError 50194, 9002331, 9002332, 700016 or 7000112.
 */
export function checkAudience(client: MicrosoftClient, authority: Authority, tenants: Tenants): void {
  const audience = audienceOf(client);
  const values = { appId: client.clientId, appName: appNameOf(client), tenant: authority.tenant?.displayName ?? '' };
  if (authority.kind === 'consumers' && !audience.includes('Personal')) throw new AadstsError(9002332, values);
  if (audience === 'PersonalMicrosoftAccount' && authority.kind !== 'consumers') throw new AadstsError(9002331, values);
  if (audience === 'AzureADMyOrg') {
    if (authority.kind !== 'tenant') throw new AadstsError(50194, values);
    if (authority.tenant !== tenants.find(client.homeTenant ?? '')) throw new AadstsError(700016, values);
  }
  if (authority.tenant?.disabledClients.has(client.clientId) === true) throw new AadstsError(7000112, values);
}

/**
 * Returns the person as the address knows them.
 * @throws AadstsError 500208 for a personal account where organisations sign in, 50020 for an account that the tenant does not have.
 */
export function principalAt(
  user: MicrosoftUser,
  authority: Authority,
  { people, client }: { people: People; client: MicrosoftClient },
): Principal {
  const forPersonal = audienceOf(client).includes('Personal');
  switch (authority.kind) {
    case 'common':
      if (user.isPersonal && !forPersonal) throw new AadstsError(500208);
      return homePrincipal(user);
    case 'organizations':
      if (user.isPersonal) throw new AadstsError(500208);
      return homePrincipal(user);
    case 'consumers':
      if (!user.isPersonal) throw new AadstsError(500208);
      return homePrincipal(user);
    case 'tenant': {
      const principal = authority.tenant === undefined ? undefined : people.principalIn(user, authority.tenant.id);
      if (principal === undefined) throw new AadstsError(50020, notInTenant(user, authority, client));
      return principal;
    }
  }
}

function notInTenant(user: MicrosoftUser, { tenant }: Authority, client: MicrosoftClient): Record<string, string> {
  return {
    idp: user.isPersonal ? 'live.com' : `https://sts.windows.net/${user.homeTenantId}/`,
    tenant: tenant?.displayName ?? '',
    appId: client.clientId,
    appName: appNameOf(client),
  };
}
