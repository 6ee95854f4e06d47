import { parseRetryAfter, RETRY_AFTER_CAP_MS } from '../../outbound/retry-after.ts';
import { type EwsAnswer, type EwsMessage, type EwsSchema, refusal } from './caller.ts';
import { childOf, textOf, tryReadXml } from './read-xml.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import { element, type Xml } from './write-xml.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
/** http and not https, whatever the samples on Microsoft's pages have. */
const TYPES = 'http://schemas.microsoft.com/exchange/services/2006/types';
const MESSAGES = 'http://schemas.microsoft.com/exchange/services/2006/messages';

/** One event with the longest text that is written, and more than most pages of a hundred: what is longer is asked for in smaller pages. */
export const MAX_ANSWER_BYTES: number = 4 * 1024 * 1024;
/** Exchange takes its time over one. */
export const TIMEOUT_MS = 30_000;

/** An answer, and what the server says of itself beside it. */
export interface EwsReading {
  readonly answer: EwsAnswer;
  /** 8 is Exchange 2007, 14 is 2010, 15 all since 2013. */
  readonly serverMajor: number | undefined;
}

/** The document of a request. */
export function writeEnvelope(operation: Xml, schema: EwsSchema): string {
  const namespaces = { 'xmlns:s': SOAP, 'xmlns:t': TYPES, 'xmlns:m': MESSAGES };
  const version = element('t:RequestServerVersion', { Version: schema });
  return `<?xml version="1.0" encoding="utf-8"?>${element('s:Envelope', namespaces, element('s:Header', {}, version), element('s:Body', {}, operation)).xml}`;
}

/** Reads an answer; its body is used up. */
export async function readAnswer(response: Response, nowMs: number): Promise<EwsReading> {
  const { root: envelope, tooLarge } = tryReadXml(await response.text());
  if (tooLarge) return { answer: refusal({ noAnswer: 'too_large' }), serverMajor: undefined };
  const major = childOf(childOf(envelope, 'Header'), 'ServerVersionInfo')?.attributes.get('MajorVersion') ?? '';
  return { answer: answerIn(envelope, response, nowMs), serverMajor: /^\d{1,3}$/.test(major) ? Number(major) : undefined };
}

function answerIn(envelope: XmlElement | undefined, { status, headers }: Response, nowMs: number): EwsAnswer {
  const content = childOf(envelope, 'Body')?.children[0];
  // Availability has a list of its own.
  const list = childOf(content, 'ResponseMessages') ?? childOf(content, 'FreeBusyResponseArray');
  // Those about rooms are one message, without a list around it.
  const messages = list?.children ?? (content?.attributes.has('ResponseClass') === true ? [content] : undefined);
  if (status === 200 && messages !== undefined) return { refused: false, messages: messages.map(readMessage) };
  // Exchange 2007 puts its name for an error elsewhere in `faultcode`; the detail is the same in all.
  const detail = content?.name === 'Fault' ? childOf(content, 'detail') : undefined;
  const retryAfterMs = backOffOf(detail) ?? parseRetryAfter(headers.get('retry-after'), nowMs);
  return refusal({ status, code: textOf(detail, 'ResponseCode'), retryAfterMs });
}

function readMessage(message: XmlElement): EwsMessage {
  const said = childOf(message, 'ResponseMessage') ?? message;
  const code = textOf(said, 'ResponseCode');
  if (said.attributes.get('ResponseClass') !== 'Error' && code === 'NoError') return { refused: false, message };
  return { ...refusal({ status: 200, code, retryAfterMs: backOffOf(said) }), whole: false };
}

/**
 * How long a busy server wants to be left alone, in milliseconds, at most {@link RETRY_AFTER_CAP_MS}; `undefined` where it does not say. It can be minutes.
 *
 * @param said the detail of a fault, or the response message. An inner error can be that of a server behind this one.
 */
export function backOffOf(said: XmlElement | undefined): number | undefined {
  const values = childOf(said, 'MessageXml')?.children ?? [];
  const ms = Number(values.find(({ attributes }) => attributes.get('Name') === 'BackOffMilliseconds')?.text ?? NaN);
  return ms > 0 ? Math.min(ms, RETRY_AFTER_CAP_MS) : undefined;
}
