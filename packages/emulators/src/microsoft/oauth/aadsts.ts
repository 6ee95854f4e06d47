import { randomUUID } from 'node:crypto';
import type { AadstsEntry } from './aadsts-entry.ts';
import { AADSTS } from './aadsts-table.ts';

/** What fills the blanks of an error's text. */
export type AadstsValues = Readonly<Record<string, string>>;

/** An error of Microsoft's sign-in service, which knows it by a number. */
export class AadstsError extends Error {
  readonly code: number;
  readonly values: AadstsValues;

  constructor(code: number, values: AadstsValues = {}) {
    super(`AADSTS${code}`);
    this.name = 'AadstsError';
    this.code = code;
    this.values = values;
  }
}

/** An error as it is told, with the ids that somebody would give to Microsoft's support. */
export interface AadstsReport {
  readonly code: number;
  readonly entry: AadstsEntry;
  /** The text behind `AADSTS…:`, without the ids. */
  readonly text: string;
  readonly description: string;
  readonly timestamp: string;
  readonly traceId: string;
  readonly correlationId: string;
}

/** The body of an error of the token endpoint. */
export interface AadstsBody {
  readonly error: string;
  readonly error_description: string;
  readonly error_codes: readonly number[];
  readonly timestamp: string;
  readonly trace_id: string;
  readonly correlation_id: string;
  readonly error_uri: string;
  readonly suberror?: string;
  readonly claims?: string;
}

/**
 * Writes an error as the sign-in service does.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/reference-error-codes}
 */
export function reportOf(
  error: AadstsError,
  { nowMs, correlationId = randomUUID() }: { nowMs: number; correlationId?: string | undefined },
): AadstsReport {
  const entry = AADSTS[error.code];
  if (entry === undefined) throw new RangeError(`AADSTS${error.code}: expected a code that the emulator has`);
  const text = entry.text.replace(/\{(\w+)\}/g, (_all, name: string) => ({ ...VERBATIM, ...error.values })[name] ?? name);
  const timestamp = `${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const traceId = randomUUID();
  const ids = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return { code: error.code, entry, text, description: `AADSTS${error.code}: ${text} ${ids}`, timestamp, traceId, correlationId };
}

/** Returns the address of Microsoft's page about a code. */
export function errorUri(code: number): string {
  return `https://login.microsoftonline.com/error?code=${code}`;
}

/** Writes the body that the token endpoint answers with. */
export function bodyOf({ code, entry, description, timestamp, traceId, correlationId }: AadstsReport): AadstsBody {
  return {
    error: entry.error,
    error_description: description,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: errorUri(code),
    ...(entry.suberror === undefined ? {} : { suberror: entry.suberror }),
    ...(entry.withClaims === true ? { claims: CLAIMS } : {}),
  };
}

/** Microsoft hides the address of an account that is not the tenant's, with these very braces. */
const VERBATIM: AadstsValues = { EmailHidden: '{EmailHidden}' };

/** The claims challenge of Conditional Access: the policy that is not met. An app sends it with its next authorization request. */
const CLAIMS = JSON.stringify({ access_token: { capolids: { essential: true, values: ['5b7a1c9e-2f0d-4c36-9c0b-6d1f4a8e7b21'] } } });
