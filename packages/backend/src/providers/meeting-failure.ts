import { type Answer, describeAnswer, printable } from './answer.ts';
import type { MeetingOutcome } from './meetings.ts';

/** How a call to a conferencing service ended, where it did not do what was asked. */
export type MeetingFailure = Exclude<MeetingOutcome<never>, { outcome: 'ok' }>;

/** What is known of a call that went wrong. */
export interface FailedCall {
  /** Such as `Zoom’s creation of a meeting`. */
  readonly what: string;
  readonly answer: Answer;
  /** The service's own code, where it named one. */
  readonly code?: string | undefined;
}

/** Nothing was learnt about the grant: throttling, faults of the service's, and everything unknown. */
export function meetingUnavailable({ what, answer, code }: FailedCall): MeetingFailure {
  return {
    outcome: 'unavailable',
    retryAfterMs: answer.answered ? answer.retryAfterMs : undefined,
    operatorHint: describeAnswer(what, answer) + (code === undefined ? '' : ` (${printable(code)})`),
  };
}

/** A refusal that asking again does not change. */
export function meetingRefused(
  outcome: 'forbidden' | 'not_found' | 'invalid',
  { what, answer, code }: FailedCall,
  meaning: string,
): MeetingFailure {
  const status = answer.answered ? answer.status : 0;
  return { outcome, operatorHint: `${what}: answered ${status}${code === undefined ? '' : ` ${printable(code)}`}: ${meaning}` };
}

/** What a change came to. `isAnswer` tells a 200 of the service's from one of some proxy's; 204 is always done. */
export function meetingChanged(
  call: FailedCall,
  fail: (call: FailedCall) => MeetingFailure,
  isAnswer: (body: unknown) => boolean = () => false,
): MeetingOutcome<undefined> {
  const { answer } = call;
  const isDone = answer.answered && (answer.status === 204 || (answer.status === 200 && isAnswer(answer.body)));
  return isDone ? { outcome: 'ok', value: undefined } : fail(call);
}

/** What a deletion came to: what is gone already is deleted. */
export function meetingDeleted(...args: Parameters<typeof meetingChanged>): MeetingOutcome<undefined> {
  const outcome = meetingChanged(...args);
  return outcome.outcome === 'not_found' ? { outcome: 'ok', value: undefined } : outcome;
}
