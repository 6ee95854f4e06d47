import type { Backend } from '../backend.ts';
import type { NotifiedApproval } from '../notifications/notification-body.ts';
import { approvalLink, domainOf } from './wait-for-admin.ts';

/** What an administrator was asked, as a partner's server is told of it; `undefined` where it was forgotten. */
export async function describeApproval(
  deps: Pick<Backend, 'store' | 'vault' | 'publicUrl'>,
  id: string,
): Promise<NotifiedApproval | undefined> {
  const approval = await deps.store.findAdminApproval(id);
  return (
    approval && {
      provider: approval.provider,
      accessMode: approval.accessMode,
      endUser: approval.endUser,
      organisation: approval.email === undefined ? undefined : domainOf(approval.email),
      url: await approvalLink(deps, approval),
    }
  );
}
