import type { AdminApprovalStatus } from '@calendar-connect/protocol';
import type { Backend } from '../../backend.ts';
import { approvalLink, domainOf } from '../../connect/wait-for-admin.ts';
import { approvalMailLink } from '../../pages/approval-mail.ts';
import { waitingSentences } from '../../pages/approval-sentences.ts';
import type { AdminApproval } from '../../storage/admin-approval-row.ts';

/** What whoever waits is told of it. */
export async function approvalStatus(
  deps: Pick<Backend, 'store' | 'vault' | 'providers' | 'publicUrl'>,
  approval: AdminApproval,
): Promise<AdminApprovalStatus> {
  const provider = deps.providers.get(approval.provider);
  const organisation = approval.email === undefined ? undefined : domainOf(approval.email);
  const url = await approvalLink(deps, approval);
  const mail = approvalMailLink({
    application: (await deps.store.findApplication(approval.applicationId))?.name ?? '',
    provider: provider?.name ?? '',
    accessMode: approval.accessMode,
    organisation: organisation ?? waitingSentences.unnamedOrganisation,
    email: approval.email?.includes('@') === true ? approval.email : undefined,
    approvalUrl: url,
  });
  return {
    requested_at: new Date(approval.createdAtMs).toISOString(),
    ...(organisation === undefined ? {} : { organisation }),
    url,
    mail,
    scopes: [...(provider?.modes[approval.accessMode]?.scopes ?? [])],
    ...(approval.state === 'declined' ? { decision: 'declined' as const } : {}),
  };
}
