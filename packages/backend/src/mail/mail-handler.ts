import { createHash } from 'node:crypto';
import { isEnded } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import type { AdminApproval } from '../storage/admin-approval-row.ts';
import type { ApprovalMailPayload, MailPayload } from '../storage/mail-work.ts';
import type { Application } from '../storage/questions/applications.ts';
import type { WorkPayload } from '../storage/questions/work.ts';
import type { Session } from '../storage/session-row.ts';
import { addressCodeMail } from './address-code-mail.ts';
import { approvedMail } from './approved-mail.ts';
import { domainOfAddress, isMailAddress, mailboxOf } from './mail-address.ts';
import type { Mail } from './mailer.ts';

const DAY_MS = 24 * 3600_000;

/** What sending needs. */
export type MailDeps = Pick<Backend, 'store' | 'vault' | 'publicUrl' | 'mailer' | 'log' | 'now'>;

/** How an item ended, as the work of lanes knows it. */
type Delivered = { readonly outcome: 'done' } | { readonly outcome: 'later'; readonly reason: string };

/**
 * The work of sending mails. Whether there is still something to tell, and to whom, is read when it leaves. Without a mailer nothing is sent,
 * also not later.
 */
export function mailHandler(deps: MailDeps): {
  handle(payload: WorkPayload): Promise<Delivered>;
  giveUp(payload: WorkPayload): Promise<WorkPayload>;
} {
  return {
    // Only storage/mail-work.ts writes such items.
    handle: (payload) => deliver(deps, payload as MailPayload),
    giveUp: async (payload) => payload,
  };
}

/** A mail that is to leave now. */
interface Outgoing {
  readonly mail: Mail;
  /** What it may be one too many of within a day. */
  readonly subjects: readonly string[];
  /** What the log calls it. */
  readonly about: Readonly<Record<string, string>>;
}

async function deliver(deps: MailDeps, payload: MailPayload): Promise<Delivered> {
  const outgoing = payload.about === 'approval' ? await aboutApproval(deps, payload) : await aboutCode(deps, payload);
  if (outgoing === undefined || deps.mailer === undefined) return { outcome: 'done' };
  const { mail, subjects, about } = outgoing;
  const nowMs = deps.now();
  // Claimed before and settled after: one that died in between is sent again, with the same Message-ID.
  if (!(await deps.store.claimMail({ subjects, item: mail.item, nowMs, forgetBeforeMs: nowMs - DAY_MS }))) {
    deps.log({ level: 'info', event: 'mail_withheld', ...about, hint: 'there was one within a day' });
    return { outcome: 'done' };
  }
  const sent = await deps.mailer.send(mail);
  if (sent.outcome === 'later') return sent;
  await deps.store.settleMail({ item: mail.item, nowMs: deps.now() });
  if (sent.outcome === 'sent') deps.log({ level: 'info', event: 'mail_sent', ...about });
  else deps.log({ level: 'error', event: 'mail_refused', ...about, hint: sent.reason });
  return { outcome: 'done' };
}

async function aboutApproval(deps: MailDeps, payload: ApprovalMailPayload): Promise<Outgoing | undefined> {
  const mail = await approvalMail(deps, payload);
  const about = { about: payload.about, approval: payload.approvalId };
  return mail && { mail, about, subjects: [`approved:${payload.approvalId}`, `approved_to:${hashMailbox(mail.to)}`] };
}

async function aboutCode(deps: MailDeps, payload: Exclude<MailPayload, ApprovalMailPayload>): Promise<Outgoing | undefined> {
  const mail = await addressCodeMail(deps, payload);
  return mail && { mail, about: { about: payload.about, session: payload.sessionId }, subjects: [mail.item] };
}

/** The mail to the person who waited; `undefined` where there is nothing to tell them any longer, or nowhere to write to. */
async function approvalMail(deps: MailDeps, { approvalId, organisation }: ApprovalMailPayload): Promise<Mail | undefined> {
  const approval = await deps.store.findAdminApproval(approvalId);
  if (approval === undefined || approval.state !== 'approved' || approval.organisation !== organisation) return undefined;
  if (approval.email === undefined || !isMailAddress(approval.email)) return undefined;
  const application = await deps.store.findApplication(approval.applicationId);
  if (application === undefined || !application.mailsApprovals) return undefined;
  const link = linkOnward(deps, { application, sessions: await deps.store.sessionsOfApproval(approvalId) });
  if (link === undefined) return undefined;
  const written = await approvedMail({ application: application.name, organisation: domainOfAddress(approval.email), link });
  return { ...written, to: approval.email, item: itemOf(approval) };
}

/** Where the person goes on: on the page where they began, else on our own, which their browser remembers. */
function linkOnward(
  { publicUrl, now }: MailDeps,
  { application, sessions }: { application: Application; sessions: readonly Session[] },
): string | undefined {
  // One of them got there: this person needs no mail any longer.
  if (sessions.some(({ state }) => state === 'connected')) return undefined;
  const waiting = sessions.filter(({ state, expiresAtMs }) => !isEnded(state) && expiresAtMs > now());
  const origin = waiting.map((session) => session.origin).find((each) => each !== undefined && application.origins.includes(each));
  return origin ?? waiting.map(({ id }) => publicUrl.at(`/connect/waiting/${id}`))[0];
}

/** The same decision is the same mail, however often it has to be tried. */
function itemOf({ id, decidedAtMs = 0 }: AdminApproval): string {
  return `approved:${id}:${decidedAtMs}`;
}

/** Anybody can guess an address by its hash; it is there to be deleted within days, and no address in clear outside of its row. */
function hashMailbox(address: string): string {
  return createHash('sha256').update(mailboxOf(address)).digest('base64url');
}
