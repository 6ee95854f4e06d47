import type { Conversation, Conversations } from '../../../outbound/conversation.ts';
import { descend, onlyChild, readXml, textIn } from '../xml/read-xml.ts';
import type { XmlElement } from '../../xml/parse-xml.ts';
import type { Scheme } from './choose-scheme.ts';
import type { LoginGate } from './login-gate.ts';
import { type Refusal, refusalOf, refusalOfStatus } from './outcome.ts';
import { ask, beginSession, type ExchangeLogin, type ExchangeSession, isExchangePath, type SessionParts } from './session.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const TYPES = 'http://schemas.microsoft.com/exchange/services/2006/types';
const MESSAGES = 'http://schemas.microsoft.com/exchange/services/2006/messages';
/** The least that shows that EWS is there and lets the person in; every server that we support knows it. */
const WHERE_IS_THE_CALENDAR =
  `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP}" xmlns:t="${TYPES}" xmlns:m="${MESSAGES}">` +
  '<s:Header><t:RequestServerVersion Version="Exchange2007_SP1"/></s:Header><s:Body><m:GetFolder>' +
  '<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>' +
  '<m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder></s:Body></s:Envelope>';

const LOCKED_OR_EXPIRED: readonly (string | undefined)[] = ['ErrorPasswordExpired', 'ErrorPasswordChangeRequired', 'ErrorAccountDisabled'];
const NOT_ALLOWED: readonly (string | undefined)[] = [
  'ErrorAccessDenied',
  'ErrorNonExistentMailbox',
  'ErrorMissingEmailAddress',
  'ErrorMailboxLogonFailed',
  'ErrorFolderNotFound',
  'ErrorItemNotFound',
];

/** Where to log in, and who. */
export interface LogInRequest {
  /** Of EWS, such as `https://mail.corp.example/EWS/Exchange.asmx`. Who calls this has seen to it that the password may go there. */
  readonly url: URL;
  /** The mailbox, which Exchange finds its own way by. */
  readonly mailbox: string;
  readonly login: ExchangeLogin;
  /** Whether the server offered NTLM when the person connected: then it gets no password by Basic, however long ago that was. */
  readonly offersNtlm?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What logging in is made of. */
export interface LogInParts extends SessionParts {
  readonly conversations: Conversations;
  /** Shared by all that may log in to one account with a password that is kept. Default: none. */
  readonly logins?: LoginGate | undefined;
}

/** What a server says of itself; its numbers as they are: 8.1 is 2007 SP1, 14 is 2010, 15.0 2013, 15.1 2016, 15.2 2019 and SE. */
export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
  /** `15.2.1544.4` */
  readonly build: string;
  /** Its newest schema, which can be newer than any we know. */
  readonly schema: string | undefined;
}

/** How a login ended. */
export type LogInOutcome =
  | { readonly outcome: 'ok'; readonly scheme: Scheme; readonly server: ServerVersion | undefined; readonly session: ExchangeSession }
  | Refusal;

/** A session that is open and has not sent anything. */
export type OpenOutcome = { readonly outcome: 'begun'; readonly session: ExchangeSession } | Refusal;

/**
 * Opens a session at EWS: one connection, asked first without anything of the person's. The password goes nowhere before the first request
 * of the session, and never where that first answer was not a 401 of EWS.
 */
export async function openSession({ url, login, offersNtlm, signal }: LogInRequest, parts: LogInParts): Promise<OpenOutcome> {
  if (!isExchangePath(url.pathname)) return { outcome: 'not_exchange', status: 0 };
  let conversation: Conversation | undefined;
  try {
    // Whoever has begun the session may be gone when it is opened again.
    const reopen = () => parts.conversations.open(url);
    const schemes = offersNtlm === true ? { ...parts.schemes, offersNtlm: () => true } : parts.schemes;
    conversation = await parts.conversations.open(url, { signal });
    const asked = await ask(conversation, url.pathname, { signal });
    const begun =
      asked.status === 401
        ? await beginSession({ conversation, asked, path: url.pathname, login, reopen }, { ...parts, schemes })
        : (refusalOfStatus(asked, parts.now()) ?? otherAnswer(asked.status));
    if (begun.outcome !== 'begun') conversation.close();
    return begun;
  } catch (error) {
    conversation?.close();
    return refusalOf(error);
  }
}

function otherAnswer(status: number): Refusal {
  return status === 403 ? { outcome: 'not_allowed', code: undefined } : { outcome: 'not_exchange', status };
}

/**
 * Logs in at EWS and asks for the calendar, so that `ok` means that EWS is on for this person. The session is the caller's to use and close.
 */
export function logIn(request: LogInRequest, parts: LogInParts): Promise<LogInOutcome> {
  if (parts.logins === undefined) return logInOnce(request, parts);
  return parts.logins.again(request, (attempt) => logInOnce(request, { ...parts, attempt }));
}

async function logInOnce(request: LogInRequest, parts: LogInParts): Promise<LogInOutcome> {
  const opened = await openSession(request, parts);
  if (opened.outcome !== 'begun') return opened;
  const { session } = opened;
  const answer = await session.send(request.url.pathname, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml', 'x-anchormailbox': request.mailbox },
    body: WHERE_IS_THE_CALENDAR,
    signal: request.signal,
  });
  const read = answer.outcome === 'answered' ? await readAnswer(answer.response) : answer;
  if (read.outcome === 'ok') return { ...read, scheme: session.scheme, session };
  session.close();
  return read;
}

async function readAnswer(response: Response): Promise<{ readonly outcome: 'ok'; readonly server: ServerVersion | undefined } | Refusal> {
  const { status } = response;
  if (status === 403 || status === 404) return { outcome: 'not_allowed', code: undefined };
  const envelope = readXml(new Uint8Array(await response.arrayBuffer()));
  if (envelope?.name !== 'Envelope')
    return status === 200 ? { outcome: 'not_exchange', status } : { outcome: 'unexpected', detail: `STATUS_${status}` };
  const message = descend(envelope, 'Body', 'GetFolderResponse', 'ResponseMessages', 'GetFolderResponseMessage');
  // Exchange 2007 puts its name for an error elsewhere in `faultcode`; the detail is the same in all.
  const said = message ?? descend(envelope, 'Body', 'Fault', 'detail');
  const code = textIn(said, 'ResponseCode');
  if (status === 200 && message?.attributes.get('ResponseClass') === 'Success' && code === 'NoError') {
    return { outcome: 'ok', server: versionOf(descend(envelope, 'Header', 'ServerVersionInfo')) };
  }
  return refusalOfCode(code, onlyChild(said, 'MessageXml'));
}

function refusalOfCode(code: string | undefined, details: XmlElement | undefined): Refusal {
  if (code === 'ErrorServerBusy') return { outcome: 'throttled', retryAfterMs: backOffOf(details) };
  if (LOCKED_OR_EXPIRED.includes(code)) return { outcome: 'locked_or_expired', code: code ?? '' };
  if (NOT_ALLOWED.includes(code)) return { outcome: 'not_allowed', code };
  if (code === 'ErrorInvalidServerVersion') return { outcome: 'too_old', reason: code };
  // Its own words for errors only; anything else could be anybody's text.
  return { outcome: 'unexpected', detail: /^Error[A-Za-z]{2,60}$/.test(code ?? '') ? (code ?? '') : 'answer_unreadable' };
}

/** It can be minutes. */
function backOffOf(details: XmlElement | undefined): number | undefined {
  const value = details?.children.find(({ attributes }) => attributes.get('Name') === 'BackOffMilliseconds')?.text.trim();
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

function versionOf(info: XmlElement | undefined): ServerVersion | undefined {
  const numbers = ['MajorVersion', 'MinorVersion', 'MajorBuildNumber', 'MinorBuildNumber'].map((name) => info?.attributes.get(name) ?? '');
  const [major = '', minor = ''] = numbers;
  if (!/^\d{1,5}$/.test(major) || !/^\d{1,5}$/.test(minor)) return undefined;
  const schema = info?.attributes.get('Version');
  return {
    major: Number(major),
    minor: Number(minor),
    build: numbers.filter((number) => /^\d{1,6}$/.test(number)).join('.'),
    schema: schema !== undefined && /^[A-Za-z0-9_.]{1,40}$/.test(schema) ? schema : undefined,
  };
}
