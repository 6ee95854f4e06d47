import { backOffOf } from '../../ews/soap.ts';
import type { XmlElement } from '../../xml/parse-xml.ts';
import { descend, readXml, textIn } from '../xml/read-xml.ts';
import type { Refusal } from './outcome.ts';
import type { ExchangeSession } from './session.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const TYPES = 'http://schemas.microsoft.com/exchange/services/2006/types';
const MESSAGES = 'http://schemas.microsoft.com/exchange/services/2006/messages';

/** The least that shows that EWS is there and lets the person in; every server that we support knows it. */
export const WHERE_IS_THE_CALENDAR: SessionQuestion = {
  operation: 'GetFolder',
  content:
    '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>' +
    '<m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>',
};

/** What is asked of a server that somebody signs in at. */
export interface SessionQuestion {
  readonly operation: string;
  /** Its element, with `m:` for messages and `t:` for types. */
  readonly content: string;
}

/** Whom it is asked of. */
export interface AskedSession {
  readonly session: ExchangeSession;
  /** Of EWS. */
  readonly path: string;
  /** The mailbox, which Exchange finds its own way by: without it a request can go to the wrong server and fail there. */
  readonly mailbox: string;
  readonly signal?: AbortSignal | undefined;
}

/** What came of a question: the message that holds the answer, what Exchange says against it, or why there is nothing of Exchange's. */
export type SessionReading =
  | { readonly outcome: 'ok'; readonly message: XmlElement; readonly serverInfo: XmlElement | undefined }
  | { readonly outcome: 'refused'; readonly code: string | undefined; readonly backOffMs: number | undefined }
  | Refusal;

/** Asks one question, in the lowest schema. */
export async function askSession({ session, path, mailbox, signal }: AskedSession, question: SessionQuestion): Promise<SessionReading> {
  const answer = await session.send(path, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml', 'x-anchormailbox': mailbox },
    body:
      `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP}" xmlns:t="${TYPES}" xmlns:m="${MESSAGES}">` +
      `<s:Header><t:RequestServerVersion Version="Exchange2007_SP1"/></s:Header><s:Body>${question.content}</s:Body></s:Envelope>`,
    signal,
  });
  return answer.outcome === 'answered' ? readAnswer(answer.response, question.operation) : answer;
}

async function readAnswer(response: Response, operation: string): Promise<SessionReading> {
  const { status } = response;
  if (status === 403 || status === 404) return { outcome: 'not_allowed', code: undefined };
  const envelope = readXml(new Uint8Array(await response.arrayBuffer()));
  if (envelope?.name !== 'Envelope') {
    return status === 200 ? { outcome: 'not_exchange', status } : { outcome: 'unexpected', detail: `STATUS_${status}` };
  }
  const message = descend(envelope, 'Body', `${operation}Response`, 'ResponseMessages', `${operation}ResponseMessage`);
  // Exchange 2007 puts its name for an error elsewhere in `faultcode`; the detail is the same in all.
  const said = message ?? descend(envelope, 'Body', 'Fault', 'detail');
  const code = textIn(said, 'ResponseCode');
  if (status === 200 && message?.attributes.get('ResponseClass') === 'Success' && code === 'NoError') {
    return { outcome: 'ok', message, serverInfo: descend(envelope, 'Header', 'ServerVersionInfo') };
  }
  return { outcome: 'refused', code, backOffMs: backOffOf(said) };
}
