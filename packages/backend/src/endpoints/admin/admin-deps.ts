import type { Context } from 'hono';
import { type Applications, createApplications } from '../../accounts/applications.ts';
import type { Backend } from '../../backend.ts';
import { clientKey } from '../client-address.ts';

/** What the endpoints of the admin API need. */
export type AdminDeps = Pick<Backend, 'store' | 'vault' | 'providers' | 'conferencing' | 'trustedProxies' | 'now'>;

/** The applications, for whoever asks: what they change is written into the audit trail with where they asked from. */
export function applicationsFor(deps: AdminDeps, c: Context): Applications {
  return createApplications({ ...deps, actor: { through: 'admin_api', address: clientKey(deps, c) } });
}
