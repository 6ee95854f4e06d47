import type { Conversation, Conversations } from '../../../outbound/conversation.ts';
import type { XmlElement } from '../../xml/parse-xml.ts';
import { askSession, WHERE_IS_THE_CALENDAR } from './ask-session.ts';
import type { Scheme } from './choose-scheme.ts';
import type { LoginGate } from './login-gate.ts';
import { type Refusal, refusalOf, refusalOfCode, refusalOfStatus } from './outcome.ts';
import { ask, beginSession, type ExchangeLogin, type ExchangeSession, isExchangePath, type SessionParts } from './session.ts';

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
  | {
      readonly outcome: 'ok';
      readonly scheme: Scheme;
      readonly server: ServerVersion | undefined;
      /** What Exchange answered about the login's own calendar. */
      readonly calendar: XmlElement;
      readonly session: ExchangeSession;
    }
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
        : (refusalOfStatus(asked, parts.now()) ?? { outcome: 'not_exchange', status: asked.status });
    if (begun.outcome !== 'begun') conversation.close();
    return begun;
  } catch (error) {
    conversation?.close();
    return refusalOf(error);
  }
}

/**
 * Logs in at EWS and asks for the calendar, so that `ok` means that EWS is on for this person. The session is the caller's to use and close.
 */
export async function logIn(request: LogInRequest, parts: LogInParts): Promise<LogInOutcome> {
  const opened = await openSession(request, parts);
  if (opened.outcome !== 'begun') return opened;
  const { session } = opened;
  const { url, mailbox, signal } = request;
  const read = await askSession({ session, path: url.pathname, mailbox, signal }, WHERE_IS_THE_CALENDAR);
  if (read.outcome === 'ok')
    return { outcome: 'ok', scheme: session.scheme, server: versionOf(read.serverInfo), calendar: read.message, session };
  session.close();
  return read.outcome === 'refused' ? refusalOfCode(read.code, read.backOffMs) : read;
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
