import { type Refusal, refusalOfStatus } from '../log-in/outcome.ts';

/** Of a server or a proxy in front of it that lets nobody in from here, whoever they are. */
const SHUT_OUT = 403;

/** Judges what an address of EWS answers to a request with nothing of the person's. `undefined`: it asks for a login, as Exchange does. */
export function judgeEws(asked: Response, nowMs: number): Refusal | undefined {
  if (asked.status === 401) return undefined;
  return refusalOfStatus(asked, nowMs) ?? { outcome: 'not_exchange', status: asked.status };
}

/** Whether nobody is let in from here: what is there may well be Exchange. */
export function isShutOut(refusal: Refusal): boolean {
  return refusal.outcome === 'not_exchange' && refusal.status === SHUT_OUT;
}

/**
 * Whether it is the backend's own egress proxy that does not open the way. That it found nobody at the other end, it says with a status of
 * gateways, and then the server is to blame.
 */
export function isOwnProxysFault(refusal: Refusal): boolean {
  return refusal.outcome === 'unreachable' && isCodeOfOwnProxy(refusal.reason);
}

/** The same of a reason in whatever spelling, such as `proxy_failed_ECONNREFUSED`. */
export function isCodeOfOwnProxy(code: string): boolean {
  return /^proxy_failed(?![ _]STATUS_50[234]$)/.test(code);
}
