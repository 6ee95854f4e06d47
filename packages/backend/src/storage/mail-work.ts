import { createHash } from 'node:crypto';
import type { NewWorkItem } from './questions/work.ts';

/** What a mail is about. Ids and no more: address, names, link and code are read when it leaves, so that none of them lies in the work. */
export type MailPayload = ApprovalMailPayload | AddressCodeMailPayload;

/** Tells a person who waited that they can go on. */
export type ApprovalMailPayload = {
  readonly about: 'approval';
  readonly approvalId: string;
  /**
   * The organisation whose administrator approved. Should the approval name another by the time the mail leaves, its address is no longer
   * one that this administrator speaks for.
   */
  readonly organisation: string;
};

/** Brings somebody the code that proves their address. */
export type AddressCodeMailPayload = {
  readonly about: 'address_code';
  readonly sessionId: string;
  /** Which code it is, as {@link nameOfCode} says. Once there is a newer one, this mail has nothing to bring. */
  readonly code: string;
};

/** The kind of work that sends a mail. */
export const MAIL = 'mail';

/** Whoever still has the page open goes on by itself within seconds, and needs no mail. */
const UNTIL_PAGES_WENT_ON_MS = 60_000;

/** The work item that tells the person who waited that they can go on: a minute after the decision, in a lane of its own. */
export function approvalMailWork(approved: { readonly approvalId: string; readonly organisation: string }, nowMs: number): NewWorkItem {
  const payload: MailPayload = { about: 'approval', approvalId: approved.approvalId, organisation: approved.organisation };
  return { laneId: `mail:${approved.approvalId}`, kind: MAIL, payload, nowMs, dueAtMs: nowMs + UNTIL_PAGES_WENT_ON_MS };
}

/** The work item that mails the code of an address that is being proven: at once, in a lane of its session. */
export function addressCodeMailWork(check: { readonly sessionId: string; readonly codeSealed: string }, nowMs: number): NewWorkItem {
  const payload: MailPayload = { about: 'address_code', sessionId: check.sessionId, code: nameOfCode(check.codeSealed) };
  return { laneId: `mail:${check.sessionId}`, kind: MAIL, payload, nowMs, dueAtMs: nowMs };
}

/** Names a sealed code without telling it: no two ciphertexts are the same, also of the same six digits. */
export function nameOfCode(codeSealed: string): string {
  return createHash('sha256').update(codeSealed).digest('base64url');
}
