import type { Context } from 'hono';
import { element, textElement, type Xml } from './write-xml.ts';

/** Of SOAP 1.1. */
export const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
/** Of EWS: http, whatever the samples on Microsoft's pages say. */
export const TYPES = 'http://schemas.microsoft.com/exchange/services/2006/types';
/** Of EWS's requests and answers. */
export const MESSAGES = 'http://schemas.microsoft.com/exchange/services/2006/messages';
const ERRORS = 'http://schemas.microsoft.com/exchange/services/2006/errors';

/** A request that is refused as a whole: HTTP 500 and a SOAP fault. */
export class EwsFault extends Error {
  /** Such as `ErrorServerBusy`. */
  readonly code: string;
  readonly backOffMs: number | undefined;

  constructor(code: string, message: string, backOffMs?: number) {
    super(message);
    this.name = 'EwsFault';
    this.code = code;
    this.backOffMs = backOffMs;
  }
}

/** One thing asked for is refused: HTTP 200, and `ResponseClass="Error"` for it alone. */
export class EwsRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'EwsRefusal';
    this.code = code;
  }
}

/** Says that a request breaks the schema. */
export function invalidSchema(violation: string): EwsFault {
  return new EwsFault('ErrorSchemaValidation', `The request failed schema validation: ${violation}.`);
}

/** Writes a good answer. */
export function writeEnvelope(answer: Xml): string {
  const version = element('h:ServerVersionInfo', {
    'xmlns:h': TYPES,
    MajorVersion: '15',
    MinorVersion: '20',
    MajorBuildNumber: '9520',
    MinorBuildNumber: '9',
    Version: 'V2018_01_08',
  });
  return envelope(element('s:Header', {}, version), element('s:Body', { 'xmlns:m': MESSAGES, 'xmlns:t': TYPES }, answer));
}

/** Writes a fault as Exchange has done since 2010. @see {@link https://learn.microsoft.com/exchange/client-developer/exchange-web-services/handling-errors-related-to-ews} */
export function writeFault({ code, message, backOffMs }: EwsFault): string {
  const backOff = element('t:Value', { Name: 'BackOffMilliseconds' }, { xml: String(backOffMs) });
  const detail = element(
    'detail',
    {},
    element('e:ResponseCode', { 'xmlns:e': ERRORS }, { xml: code }),
    element('e:Message', { 'xmlns:e': ERRORS }, textOf(message)),
    ...(backOffMs === undefined ? [] : [element('t:MessageXml', { 'xmlns:t': TYPES }, backOff)]),
  );
  const faultcode = element('faultcode', { 'xmlns:a': TYPES }, { xml: `a:${code}` });
  const faultstring = element('faultstring', { 'xml:lang': 'en-US' }, textOf(message));
  return envelope(element('s:Body', {}, element('s:Fault', {}, faultcode, faultstring, detail)));
}

function envelope(...parts: readonly Xml[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>${element('s:Envelope', { 'xmlns:s': SOAP }, ...parts).xml}`;
}

function textOf(text: string): Xml {
  return { xml: textElement('x', text).xml.slice(3, -4) };
}

/**
 * Writes the answer of an operation: a message for each thing asked for, those that are refused too. `empty` is what a refusal holds where
 * there would have been content.
 */
export function writeMessages<T>(
  operation: string,
  asked: readonly T[],
  { answer, empty = [] }: { readonly answer: (each: T) => readonly Xml[]; readonly empty?: readonly Xml[] },
): Xml {
  const messages = asked.map((each) => {
    const name = `m:${operation}ResponseMessage`;
    try {
      return element(name, { ResponseClass: 'Success' }, textElement('m:ResponseCode', 'NoError'), ...answer(each));
    } catch (error) {
      if (!(error instanceof EwsRefusal)) throw error;
      const why = [textElement('m:MessageText', error.message), textElement('m:ResponseCode', error.code)];
      return element(name, { ResponseClass: 'Error' }, ...why, textElement('m:DescriptiveLinkKey', 0), ...empty);
    }
  });
  return element(`m:${operation}Response`, {}, element('m:ResponseMessages', {}, ...messages));
}

/** Answers with a document. */
export function answerXml(c: Context, xml: string, status: 200 | 500): Response {
  return c.body(xml, status, { 'Content-Type': 'text/xml; charset=utf-8' });
}
