import type { NewWorkItem } from './questions/work.ts';

/** What a mail is about. Ids and no more: address, names and link are read when it leaves, so that none of them lies in the work. */
export type MailPayload = {
  readonly about: 'approval';
  readonly approvalId: string;
  /**
   * The organisation whose administrator approved. Should the approval name another by the time the mail leaves, its address is no longer
   * one that this administrator speaks for.
   */
  readonly organisation: string;
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
