import type { Handler } from 'hono';
import type { Backend } from '../../backend.ts';
import { CalendarRefusal } from '../../calendars/calendar-refusal.ts';
import { ID_PREFIX } from '../../vault/issued-token.ts';
import { newId } from '../../vault/secrets.ts';
import { accepted, authorized } from './authorized.ts';

/**
 * `POST /v1/profiles/{profile_id}/revoke`: ends one connection of an account, of a calendar or of a conferencing service. Its credential is given
 * back to the provider; connected again, it is the same profile. SDKs send various bodies, of which nothing is read.
 */
export function revokeProfile(deps: Pick<Backend, 'store' | 'work' | 'now'>): Handler {
  return authorized(deps, 'revoke_profile', async ({ c, account: { accountId, applicationId } }) => {
    const nowMs = deps.now();
    const profileId = c.req.param('profile') ?? '';
    const auditId = newId(ID_PREFIX.auditEvent, nowMs);
    if (!(await deps.store.revokeProfile({ profileId, accountId, applicationId, nowMs, auditId }))) {
      throw new CalendarRefusal({ reason: 'not_found' });
    }
    deps.work.nudge();
    return accepted(c);
  });
}
