import { childOf, type XmlElement } from './read-xml.ts';
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
  /** What breaks the schema, where that is why. */
  readonly violation: string | undefined;

  constructor(code: string, message: string, more: { readonly backOffMs?: number | undefined; readonly violation?: string } = {}) {
    super(message);
    this.name = 'EwsFault';
    this.code = code;
    this.backOffMs = more.backOffMs;
    this.violation = more.violation;
  }
}

/** What a server says of itself. */
export interface EwsServer {
  /** The attributes of `ServerVersionInfo`. `Version` can be newer than any version that a request may name. */
  readonly versionInfo: Readonly<Record<'MajorVersion' | 'MinorVersion' | 'MajorBuildNumber' | 'MinorBuildNumber' | 'Version', string>>;
  /** How it writes faults: Exchange 2007 has a way of its own. */
  readonly faultStyle: '2007' | '2010';
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

/** The elements of a list that the schema demands, with one at least. @throws EwsFault */
export function requiredList(request: XmlElement, name: string): readonly XmlElement[] {
  const { children = [] } = childOf(request, name) ?? {};
  if (children.length === 0) throw invalidSchema(`the element '${name}' is missing or empty`);
  return children;
}

/** Says that a request breaks the schema. */
export function invalidSchema(violation: string): EwsFault {
  return new EwsFault('ErrorSchemaValidation', `The request failed schema validation: ${violation}.`, { violation: `${violation}.` });
}

/** Writes a good answer. */
export function writeEnvelope(answer: Xml, { versionInfo }: EwsServer): string {
  const version = element('h:ServerVersionInfo', { 'xmlns:h': TYPES, ...versionInfo });
  return envelope(element('s:Header', {}, version), element('s:Body', { 'xmlns:m': MESSAGES, 'xmlns:t': TYPES }, answer));
}

/** Writes a fault. @see {@link https://learn.microsoft.com/exchange/client-developer/exchange-web-services/handling-errors-related-to-ews} */
export function writeFault(fault: EwsFault, server: EwsServer): string {
  return server.faultStyle === '2007' ? writeFaultOf2007(fault, server) : writeFaultSince2010(fault);
}

/** Every fault of 2007 is the client's or the server's, and the code is in the detail alone. */
function writeFaultOf2007({ code, message, violation }: EwsFault, { versionInfo }: EwsServer): string {
  const where = violation === undefined ? [] : [textOfErrors('e:Line', '1'), textOfErrors('e:Position', '1')];
  const side = code === 'ErrorInternalServerError' || code === 'ErrorServerBusy' ? 'Server' : 'Client';
  const fault = element(
    'soap11:Fault',
    {},
    textElement('faultcode', `soap11:${side}`),
    textElement('faultstring', message),
    element('detail', {}, textOfErrors('e:ResponseCode', code), textOfErrors('e:Message', violation ?? message), ...where),
  );
  const header = element('soap11:Header', {}, element('t:ServerVersionInfo', { ...versionInfo, 'xmlns:t': TYPES }));
  const written = element('soap11:Envelope', { 'xmlns:soap11': SOAP }, header, element('soap11:Body', {}, fault));
  return `<?xml version="1.0"?>${written.xml}`;
}

function writeFaultSince2010({ code, message, backOffMs, violation }: EwsFault): string {
  const values = [
    ...(backOffMs === undefined ? [] : [element('t:Value', { Name: 'BackOffMilliseconds' }, { xml: String(backOffMs) })]),
    ...(violation === undefined
      ? []
      : [textElement('t:LineNumber', 1), textElement('t:LinePosition', 1), textElement('t:Violation', violation)]),
  ];
  const detail = element(
    'detail',
    {},
    textOfErrors('e:ResponseCode', code),
    textOfErrors('e:Message', violation === undefined ? message : 'The request failed schema validation.'),
    ...(values.length === 0 ? [] : [element('t:MessageXml', { 'xmlns:t': TYPES }, ...values)]),
  );
  const faultcode = element('faultcode', { 'xmlns:a': TYPES }, { xml: `a:${code}` });
  const faultstring = element('faultstring', { 'xml:lang': 'en-US' }, textOf(message));
  return envelope(element('s:Body', {}, element('s:Fault', {}, faultcode, faultstring, detail)));
}

function textOfErrors(name: string, text: string): Xml {
  return element(name, { 'xmlns:e': ERRORS }, textOf(text));
}

function envelope(...parts: readonly Xml[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>${element('s:Envelope', { 'xmlns:s': SOAP }, ...parts).xml}`;
}

function textOf(text: string): Xml {
  return { xml: textElement('x', text).xml.slice(3, -4) };
}

/** How {@link writeMessages} answers each thing asked for. */
export interface MessageAnswers<T> {
  readonly answer: (each: T) => readonly Xml[];
  /** What a refusal holds where there would have been content. */
  readonly empty?: readonly Xml[];
  /** Says that a good answer is to be taken with care. */
  readonly warning?: (each: T) => { readonly code: string; readonly message: string } | undefined;
}

/** Writes the answer of an operation: a message for each thing asked for, those that are refused too. */
export function writeMessages<T>(operation: string, asked: readonly T[], { answer, empty = [], warning }: MessageAnswers<T>): Xml {
  const name = `m:${operation}ResponseMessage`;
  const messages = asked.map((each) => {
    try {
      const content = answer(each);
      const caution = warning?.(each);
      if (caution !== undefined) return element(name, { ResponseClass: 'Warning' }, ...reasons(caution), ...content);
      return element(name, { ResponseClass: 'Success' }, textElement('m:ResponseCode', 'NoError'), ...content);
    } catch (error) {
      if (!(error instanceof EwsRefusal)) throw error;
      return element(name, { ResponseClass: 'Error' }, ...reasons(error), ...empty);
    }
  });
  return element(`m:${operation}Response`, {}, element('m:ResponseMessages', {}, ...messages));
}

function reasons({ code, message }: { readonly code: string; readonly message: string }): readonly Xml[] {
  return [textElement('m:MessageText', message), textElement('m:ResponseCode', code), textElement('m:DescriptiveLinkKey', 0)];
}
