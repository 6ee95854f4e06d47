import { RESERVED } from '../../src/storage/grant-row.ts';
import type { TestDatabase } from '../support/databases.ts';

const NO_GRANT_YET = `'${RESERVED}'`;

/** How often the audit trail tells of a code or a receipt that it gave something. */
const ISSUED = `select subject_id, count(*) as times from audit_events where event in ('tokens_issued', 'receipt_issued') group by subject_id`;

const NOTHING_PENDING = 'not exists (select 1 from pending_connections c where c.session_id = sessions.id)';
/** An exchange does not mark the code: that it took place is known from what it wrote down. */
const CODE_REDEEMED = `exists (
  select 1 from codes c join (${ISSUED}) as i on i.subject_id = c.id where c.session_id = sessions.id and c.kind = 'code')`;

/** What must never be found, in words, and the ids of the rows that it would be found by. Both databases read it alike. */
const HALF_MADE: Readonly<Record<string, string>> = {
  'a grant without its account': `
    select id from grants where not exists (select 1 from accounts a where a.id = grants.account_id)`,
  'a grant of an account that has no connected profile': `
    select id from grants where refresh_hash <> ${NO_GRANT_YET}
      and not exists (select 1 from profiles p where p.account_id = grants.account_id and p.status = 'connected')`,
  'a place for a grant where nothing waits to be redeemed': `
    select id from grants where refresh_hash = ${NO_GRANT_YET}
      and not exists (select 1 from profiles p where p.account_id = grants.account_id and p.status = 'pending')`,
  'an account without its data key': `
    select id from accounts where not exists (select 1 from data_keys k where k.owner_id = accounts.id)`,
  'a connected profile without a credential': `
    select id from profiles where status = 'connected' and not exists (select 1 from credentials c where c.profile_id = profiles.id)`,
  'a connected profile that nobody has a grant on': `
    select id from profiles where status = 'connected'
      and not exists (select 1 from grants g where g.account_id = profiles.account_id and g.refresh_hash <> ${NO_GRANT_YET})`,
  'a credential without its profile': `
    select profile_id as id from credentials where not exists (select 1 from profiles p where p.id = credentials.profile_id)`,
  'a revoked profile whose credential nobody gives back': `
    select id from profiles join credentials on credentials.profile_id = profiles.id where status = 'revoked'
      and not exists (select 1 from work_items w where w.lane_id = 'profile:' || profiles.id)`,
  'a redeemed code whose connection is still pending': `
    select id from codes join (${ISSUED}) as issued on issued.subject_id = codes.id where kind = 'code'
      and exists (select 1 from pending_connections c where c.session_id = codes.session_id)`,
  'a connected session without a pending connection or a redeemed code': `
    select id from sessions where state = 'connected' and ${NOTHING_PENDING} and not ${CODE_REDEEMED}`,
  'a redeemed session whose profile is still pending': `
    select id from sessions where state = 'connected' and ${NOTHING_PENDING}
      and exists (select 1 from profiles p where p.id = sessions.profile_id and p.status = 'pending')`,
  'a pending profile that nothing waits for': `
    select id from profiles where status = 'pending' and not exists (select 1 from pending_connections c where c.profile_id = profiles.id)`,
  'an account without a profile': `
    select id from accounts where not exists (select 1 from profiles p where p.account_id = accounts.id)`,
  'a pending connection without its work item': `
    select session_id as id from pending_connections
      where not exists (select 1 from work_items w where w.lane_id = 'connection:' || pending_connections.session_id)`,
  'a redeemed code of a session that is not connected': `
    select id from sessions where state <> 'connected' and ${CODE_REDEEMED}`,
  'a code that gave something twice': `
    select id from codes join (${ISSUED}) as issued on issued.subject_id = codes.id where issued.times <> 1`,
  'a redeemed receipt that is not in the audit trail': `
    select id from codes where kind = 'receipt' and redeemed_at is not null and id not in (select subject_id from (${ISSUED}) as issued)`,
  'a receipt in the audit trail that is not redeemed': `
    select id from codes join (${ISSUED}) as issued on issued.subject_id = codes.id where kind = 'receipt' and redeemed_at is null`,
  'a receipt whose code is not redeemed': `
    select id from codes where kind = 'receipt' and not exists (
      select 1 from codes c join (${ISSUED}) as i on i.subject_id = c.id where c.session_id = codes.session_id and c.kind = 'code')`,
  'a redeemed code that was burnt': `
    select id from codes join (${ISSUED}) as issued on issued.subject_id = codes.id where kind = 'code' and expires_at = 0`,
  'a lane without work': `
    select id from work_lanes where not exists (select 1 from work_items w where w.lane_id = work_lanes.id)`,
  'a work item without its lane': `
    select lane_id as id from work_items where not exists (select 1 from work_lanes l where l.id = work_items.lane_id)`,
};

/** Everything that is there by half, seen at one moment: none of it where every change was made wholly or not at all. */
export async function halfMade(database: TestDatabase): Promise<string[]> {
  const parts = Object.entries(HALF_MADE).map(([what, sql]) => `select '${what}' as what, found.id as id from (${sql}) as found`);
  const rows = await database.execute(parts.join(' union all '));
  return rows.map(({ what, id }) => `${String(what)}: ${String(id)}`);
}
