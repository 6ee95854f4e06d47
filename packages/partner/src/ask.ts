import { addressAt, basicAuthorization, type PartnerCredentials, postedCredentials } from './credentials.ts';
import { PartnerError, type PartnerErrorCode } from './partner-error.ts';
import { isRecord } from './parsing.ts';
import { NotTextError, parseJson, readText, TooLongError } from './read-text.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

/** Many times what the longest answer has. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** One question to the backend. */
export interface Question {
  readonly path: string;
  /**
   * Sent as JSON with the credentials in `Authorization`; or as a form that gets the credentials into it; a question without a body is a GET.
   */
  readonly body?: Readonly<Record<string, unknown>> | URLSearchParams;
  /** What must not turn up in an error, besides the client secret. */
  readonly secrets?: readonly (string | undefined)[];
}

interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

/**
 * Asks the backend as the application, and answers with the JSON body of a yes.
 *
 * @throws PartnerError
 */
export async function ask(credentials: PartnerCredentials, question: Question): Promise<unknown> {
  const url = addressAt(credentials, question.path);
  const answer = await send(credentials, url, requestOf(question, credentials));
  if (!answer.ok) throw refusal(answer, [credentials.clientSecret, ...(question.secrets ?? [])]);
  if (answer.body === undefined) throw unexpected(answer.status);
  return answer.body;
}

async function send(credentials: PartnerCredentials, url: URL, init: RequestInit): Promise<Answer> {
  const { fetch = globalThis.fetch, timeoutMs = DEFAULT_TIMEOUT_MS } = credentials;
  const signal = AbortSignal.timeout(timeoutMs);
  let status: number | undefined;
  try {
    const response = await fetch(url, { ...init, signal });
    ({ status } = response);
    const body = parseJson(await readText(response, MAX_ANSWER_BYTES));
    return { status, ok: response.ok, retryAfter: response.headers.get('retry-after'), body };
  } catch (error) {
    if (signal.aborted) throw new PartnerError('timeout', `${url.host} did not answer in time.`, { cause: error });
    if (status !== undefined && (error instanceof TooLongError || error instanceof NotTextError)) throw unexpected(status, error);
    throw new PartnerError('unreachable', `${url.host} could not be reached.`, { cause: error });
  }
}

function requestOf({ body }: Question, credentials: PartnerCredentials): RequestInit {
  // A redirect is never followed: the secret goes to the address that was configured and to no other.
  const init = { redirect: 'manual', headers: { accept: 'application/json' } } as const;
  if (body instanceof URLSearchParams) {
    return { ...init, method: 'POST', body: new URLSearchParams([...body, ...postedCredentials(credentials)]) };
  }
  const headers = { ...init.headers, authorization: basicAuthorization(credentials) };
  if (body === undefined) return { ...init, headers };
  return { ...init, method: 'POST', body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } };
}

const KNOWN_REFUSALS: readonly PartnerErrorCode[] = ['invalid_client', 'invalid_grant', 'session_not_found'];

function refusal({ status, body, retryAfter }: Answer, secrets: readonly (string | undefined)[]): PartnerError {
  const { error, error_description: description } = isRecord(body) ? body : {};
  const isPassing = status >= 500 || status === 429;
  const retryAfterSeconds = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  const details = { status, retryAfterSeconds };
  if (typeof error !== 'string') {
    return isPassing ? new PartnerError('unavailable', `The backend answered with status ${status}.`, details) : unexpected(status);
  }
  let message = typeof description === 'string' ? `${error}: ${description}` : error;
  // Ours never repeats a secret. Something between us that does must not bring it into a log.
  for (const secret of secrets) if (secret) message = message.replaceAll(secret, '…');
  const known = KNOWN_REFUSALS.find((code) => code === error);
  return new PartnerError(known ?? (isPassing ? 'unavailable' : 'refused'), message, details);
}

function unexpected(status: number, cause?: unknown): PartnerError {
  return new PartnerError(
    'unexpected_answer',
    `issuer: expected a Calendar Connect backend; what is there answered with status ${status}.`,
    { status, cause },
  );
}
