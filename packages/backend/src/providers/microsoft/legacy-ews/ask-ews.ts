import type { OutboundErrorCode } from '../../../outbound/outbound-error.ts';
import { OutboundError } from '../../../outbound/outbound-error.ts';
import { parseRetryAfter } from '../../../outbound/retry-after.ts';
import type { Credential } from '../../provider.ts';
import type { MicrosoftSettings } from '../options.ts';
import { childOf, readXml, textOf, type XmlElement } from './read-xml.ts';
import { element, type Xml } from './write-xml.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
/** http and not https, whatever the samples on Microsoft's pages have. */
const TYPES = 'http://schemas.microsoft.com/exchange/services/2006/types';
const MESSAGES = 'http://schemas.microsoft.com/exchange/services/2006/messages';

/** The lowest that has `WorkingElsewhere`, and zones by name. [RequestServerVersion](https://learn.microsoft.com/exchange/client-developer/web-service-reference/requestserverversion) */
const SCHEMA_VERSION = 'Exchange2013';
/** Administrators can let applications in by it. */
const USER_AGENT = 'CalendarConnect/1.0';
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Exchange takes its time over a page of events with long texts. */
const TIMEOUT_MS = 30_000;

/** Who asks, and where. */
export interface EwsCaller {
  readonly settings: MicrosoftSettings;
  readonly credential: Credential;
}

/** Why there is no content: what Exchange answered instead, for all of the request or for one thing in it. */
export interface EwsRefusal {
  readonly refused: true;
  /** The whole request was refused, and not one of the things asked for. */
  readonly whole: boolean;
  readonly status: number | undefined;
  /** Such as `ErrorServerBusy`. */
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** Where there was no answer at all. */
  readonly outboundCode: OutboundErrorCode | undefined;
}

/** What came of each thing asked for, in the order of asking: its response message, or why not. */
export type EwsMessage = { readonly refused: false; readonly message: XmlElement } | EwsRefusal;

/** What came of a request. */
export type EwsAnswer = { readonly refused: false; readonly messages: readonly EwsMessage[] } | EwsRefusal;

/**
 * Asks Exchange Online once. Which operation it is, the body alone says.
 *
 * @see [EWS operations](https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange)
 */
export async function askEws({ settings, credential }: EwsCaller, operation: Xml): Promise<EwsAnswer> {
  try {
    const response = await settings.outbound.fetch(settings.endpoints.ews, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${credential.accessToken}`,
        'content-type': 'text/xml; charset=utf-8',
        accept: 'text/xml',
        'user-agent': USER_AGENT,
        ...(credential.mailbox !== undefined && { 'x-anchormailbox': credential.mailbox }),
      },
      body: writeEnvelope(operation),
      maxResponseBytes: MAX_ANSWER_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    return readAnswer(response, await response.text(), settings.now());
  } catch (error) {
    if (error instanceof OutboundError) return refusal({ outboundCode: error.code });
    throw error;
  }
}

/** The message of a request for one thing. */
export async function askForOne(caller: EwsCaller, operation: Xml): Promise<EwsMessage> {
  const answer = await askEws(caller, operation);
  return answer.refused ? answer : (answer.messages[0] ?? refusal({ status: 200 }));
}

/** The document of a request. */
export function writeEnvelope(operation: Xml): string {
  const namespaces = { 'xmlns:s': SOAP, 'xmlns:t': TYPES, 'xmlns:m': MESSAGES };
  const version = element('t:RequestServerVersion', { Version: SCHEMA_VERSION });
  return `<?xml version="1.0" encoding="utf-8"?>${element('s:Envelope', namespaces, element('s:Header', {}, version), element('s:Body', {}, operation)).xml}`;
}

function readAnswer(response: Response, text: string, nowMs: number): EwsAnswer {
  const { status } = response;
  const retryAfterMs = parseRetryAfter(response.headers.get('retry-after'), nowMs);
  const envelope = text === '' ? undefined : readXml(text);
  const content = childOf(envelope, 'Body')?.children[0];
  const messages = status === 200 ? childOf(content, 'ResponseMessages')?.children : undefined;
  if (messages !== undefined) return { refused: false, messages: messages.map(readMessage) };
  // Exchange 2007 puts its name for an error elsewhere in `faultcode`; the detail is the same in all.
  const detail = content?.name === 'Fault' ? childOf(content, 'detail') : undefined;
  return refusal({ status, code: textOf(detail, 'ResponseCode'), retryAfterMs: backOffOf(detail) ?? retryAfterMs });
}

function readMessage(message: XmlElement): EwsMessage {
  const code = textOf(message, 'ResponseCode');
  if (message.attributes['ResponseClass'] !== 'Error' && code === 'NoError') return { refused: false, message };
  return { ...refusal({ status: 200, code, retryAfterMs: backOffOf(message) }), whole: false };
}

/** How long a busy server wants to be left alone: it can be minutes. */
function backOffOf(detail: XmlElement | undefined): number | undefined {
  const values = childOf(detail, 'MessageXml')?.children ?? [];
  const ms = Number(values.find(({ attributes }) => attributes['Name'] === 'BackOffMilliseconds')?.text ?? NaN);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function refusal(said: Partial<Omit<EwsRefusal, 'refused' | 'whole'>>): EwsRefusal {
  const none = { status: undefined, code: undefined, retryAfterMs: undefined, outboundCode: undefined };
  return { refused: true, whole: true, ...none, ...said };
}
