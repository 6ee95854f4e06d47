import { z } from 'zod';
import { type Answer, printable } from '../answer.ts';
import { ERROR_KINDS, type ErrorKind, OAUTH_ERRORS } from './aadsts-kinds.ts';
import { AADSTS } from './aadsts.ts';

/** An error of Microsoft's sign-in service as it came, in a callback or in a body. */
export interface ReceivedError {
  readonly error: string;
  /** Its code: one that we know where there are several. */
  readonly code: number | undefined;
  readonly suberror: string | undefined;
}

/** Whole numbers only: AADSTS90097 and AADSTS900971 have nothing in common. */
const CODE_IN_TEXT = /\bAADSTS(\d{4,8})\b/g;
/** Of a description we read nothing but codes, and those come first. */
const MAX_DESCRIPTION_CHARACTERS = 2000;

/** [Error response](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#error-response-1) */
const ERROR_ANSWER = z.object({
  error: z.string().min(1),
  error_codes: z.array(z.number()).optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  suberror: z.string().optional().catch(undefined),
});

/** The error in an answer of the token endpoint, if it holds one. */
export function errorOfAnswer(answer: Answer): ReceivedError | undefined {
  const { data } = ERROR_ANSWER.safeParse(answer.answered ? answer.body : undefined);
  if (data === undefined) return undefined;
  return {
    error: data.error,
    code: chooseCode((data.error_codes ?? []).filter(isCode)) ?? chooseCode(codesIn(data.error_description ?? '')),
    suberror: data.suberror,
  };
}

/** The error that came to a redirect URI, if one did. */
export function errorOfCallback(query: URLSearchParams): ReceivedError | undefined {
  const error = query.get('error');
  if (error === null) return undefined;
  return { error, code: chooseCode(codesIn(query.get('error_description') ?? '')), suberror: query.get('error_subcode') ?? undefined };
}

/** What an error means: by its code, and by the OAuth error where we do not know the code. */
export function kindOf({ error, code, suberror }: ReceivedError): ErrorKind {
  const known = code === undefined ? undefined : AADSTS.get(code);
  if (known !== undefined) return ERROR_KINDS[known.kind];
  return ERROR_KINDS[suberror === 'consent_required' ? 'approval_needed' : (OAUTH_ERRORS.get(error) ?? 'unknown')];
}

/** What the code is called, where there is one: all that people may see of an error. */
export function nameOf({ code }: ReceivedError): { code?: string } {
  return code === undefined ? {} : { code: `AADSTS${code}` };
}

/** What happened, in a sentence for the person: `undefined` for codes that we do not know. */
export function explain(name: string): string | undefined {
  const meaning = AADSTS.get(Number(/^AADSTS(\d{4,8})$/.exec(name)?.[1]));
  return meaning && (meaning.user ?? ERROR_KINDS[meaning.kind].user);
}

/** What the operator should know. Nothing of the text that came along is in it. */
export function describeError({ error, code }: ReceivedError): string {
  const name = code === undefined ? printable(error) : `AADSTS${code} (${printable(error)})`;
  const meaning = (code === undefined ? undefined : AADSTS.get(code)?.operator) ?? 'unknown to us; see Microsoft’s documentation';
  return `Microsoft answered ${name}: ${code === undefined && OAUTH_ERRORS.has(error) ? 'it named no code' : meaning}`;
}

/**
 * Whether an answer is a refusal, which says something about the request: a 4xx with an error. An outage is none, whatever its body says,
 * and neither is the wish to be asked less.
 */
export function isRefusal(answer: Answer): boolean {
  return answer.answered && answer.status >= 400 && answer.status < 500 && answer.status !== 429;
}

function codesIn(description: string): readonly number[] {
  return [...description.slice(0, MAX_DESCRIPTION_CHARACTERS).matchAll(CODE_IN_TEXT)].map(([, digits]) => Number(digits));
}

/** A body may hold any numbers. */
function isCode(number: number): boolean {
  return /^\d{4,8}$/.test(String(number));
}

function chooseCode(codes: readonly number[]): number | undefined {
  return codes.find((code) => AADSTS.has(code)) ?? codes[0];
}
