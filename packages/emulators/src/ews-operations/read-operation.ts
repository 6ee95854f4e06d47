import { childOf, readXml, type XmlElement } from './read-xml.ts';
import { checkVersionOf, REQUEST_VERSIONS, type RequestVersion } from './request-versions.ts';
import { EwsFault, invalidSchema, MESSAGES, SOAP, TYPES, type EwsServer } from './soap.ts';

/** Of requests that name none. @see {@link https://learn.microsoft.com/previous-versions/office/developer/exchange-server-2010/bb856547(v=exchg.140)} */
const FIRST_VERSION: RequestVersion = 'Exchange2007';
const OURS: readonly string[] = [TYPES, MESSAGES];

/** A request, taken apart. */
export interface EwsOperation {
  readonly requested: RequestVersion;
  readonly header: XmlElement | undefined;
  /** What the body holds. */
  readonly request: XmlElement;
}

/**
 * Reads a request.
 *
 * @param newest The newest version that a request to this server may name.
 * @throws EwsFault for what is no request of EWS
 */
export function readOperation(document: string, server: EwsServer, newest: RequestVersion = 'Exchange2016'): EwsOperation {
  const envelope = readXml(document);
  const body = envelope?.name === 'Envelope' && envelope.namespace === SOAP ? childOf(envelope, 'Body') : undefined;
  const request = body?.children[0];
  if (envelope === undefined || request === undefined) throw invalidSchema('the body of the envelope holds no operation');
  const header = childOf(envelope, 'Header');
  const named = childOf(header, 'RequestServerVersion');
  const requested = REQUEST_VERSIONS.slice(0, REQUEST_VERSIONS.indexOf(newest) + 1).find(
    (version) => version === (named === undefined ? FIRST_VERSION : named.attributes.get('Version')),
  );
  if (requested === undefined) throw new EwsFault('ErrorInvalidServerVersion', 'The specified server version is invalid.');
  checkNamespaces(request);
  checkVersionOf(request, requested, server);
  return { requested, header, request };
}

/** Microsoft's own samples have https in them, with which nothing is found. */
function checkNamespaces({ name, namespace, children }: XmlElement): void {
  if (!OURS.includes(namespace)) throw invalidSchema(`the element '${name}' in namespace '${namespace}' is unknown`);
  children.forEach(checkNamespaces);
}
