import { addressAt, basicAuthorization, type PartnerCredentials } from './credentials.ts';
import { PartnerError, type PartnerErrorCode } from './partner-error.ts';
import { isRecord } from './parsing.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

/** One question to the backend. */
export interface Question {
  readonly path: string;
  /** Sent as JSON, or as a form; a question without a body is a GET. */
  readonly body?: Readonly<Record<string, unknown>> | URLSearchParams;
  /** What must not turn up in an error, besides the client secret. */
  readonly secret?: string;
}

/**
 * Asks the backend as the application, and answers with the JSON body of a yes.
 *
 * @throws PartnerError
 */
export async function ask(credentials: PartnerCredentials, question: Question): Promise<unknown> {
  const url = addressAt(credentials.issuer, question.path);
  const init = requestOf(question, basicAuthorization(credentials));
  const send = credentials.fetch ?? fetch;
  const signal = AbortSignal.timeout(credentials.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    response = await send(url, { ...init, signal });
    text = await response.text();
  } catch (error) {
    if (signal.aborted) throw new PartnerError('timeout', `${url.host} did not answer in time.`, { cause: error });
    throw new PartnerError('unreachable', `${url.host} could not be reached.`, { cause: error });
  }
  const body = parseJson(text);
  if (!response.ok) throw refusal(response.status, body, [credentials.clientSecret, question.secret]);
  if (body === undefined) throw unexpected(response.status);
  return body;
}

function requestOf({ body }: Question, authorization: string): RequestInit {
  // A redirect is never followed: the secret goes to the address that was configured and to no other.
  const init = { redirect: 'manual', headers: { accept: 'application/json', authorization } } as const;
  if (body === undefined) return init;
  if (body instanceof URLSearchParams) return { ...init, method: 'POST', body };
  return { ...init, method: 'POST', body: JSON.stringify(body), headers: { ...init.headers, 'content-type': 'application/json' } };
}

const KNOWN_REFUSALS: readonly PartnerErrorCode[] = ['invalid_client', 'invalid_grant', 'session_not_found'];

function refusal(status: number, body: unknown, secrets: readonly (string | undefined)[]): PartnerError {
  const { error, error_description: description } = isRecord(body) ? body : {};
  if (typeof error !== 'string') {
    return status >= 500 ? new PartnerError('unavailable', `The backend answered with status ${status}.`, { status }) : unexpected(status);
  }
  let message = typeof description === 'string' ? `${error}: ${description}` : error;
  // Ours never repeats a secret. Something between us that does must not bring it into a log.
  for (const secret of secrets) if (secret) message = message.replaceAll(secret, '…');
  const known = KNOWN_REFUSALS.find((code) => code === error);
  return new PartnerError(known ?? (status >= 500 ? 'unavailable' : 'refused'), message, { status });
}

function unexpected(status: number): PartnerError {
  return new PartnerError(
    'unexpected_answer',
    `issuer: expected a Calendar Connect backend; what is there answered with status ${status}.`,
    {
      status,
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
