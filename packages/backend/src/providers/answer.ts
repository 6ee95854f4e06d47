import { OutboundError, type OutboundErrorCode } from '../outbound/outbound-error.ts';
import type { Outbound, OutboundInit } from '../outbound/outbound.ts';
import { parseRetryAfter } from '../outbound/retry-after.ts';

/** What a server answered. `body` is its JSON, and `undefined` where it is none. */
export interface Answered {
  readonly answered: true;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
}

/** What came of one request. */
export type Answer = Answered | { readonly answered: false; readonly code: OutboundErrorCode };

/** Sends one request and reads what came of it. */
export async function ask(
  { outbound, now }: { readonly outbound: Outbound; readonly now: () => number },
  url: string | URL,
  init: OutboundInit = {},
): Promise<Answer> {
  try {
    return await readAnswer(await outbound.fetch(url, init), now());
  } catch (error) {
    if (error instanceof OutboundError) return { answered: false, code: error.code };
    throw error;
  }
}

/** Reads an answer; its body is used up. */
export async function readAnswer(response: Response, nowMs: number): Promise<Answered> {
  return {
    answered: true,
    status: response.status,
    contentType: response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '',
    body: parseJson(await response.text()),
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), nowMs),
  };
}

/** Says what is odd about an answer that is neither what was asked for nor a refusal. */
export function describeAnswer(what: string, answer: Answer): string {
  if (!answer.answered) return `${what}: no answer (${answer.code})`;
  const kind = answer.body === undefined ? `no JSON${answer.contentType === '' ? '' : ` but ${printable(answer.contentType)}`}` : 'JSON';
  return `${what}: answered ${answer.status} with ${kind}`;
}

/** A word of somebody else's for a log: no line breaks, no mail address, no end. */
export function printable(word: string): string {
  return word.replace(/[^\w./+-]/g, '?').slice(0, 60);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
