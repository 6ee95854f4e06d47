import { childOf, readXml, type XmlElement } from './read-xml.ts';
import { EwsFault, invalidSchema, MESSAGES, SOAP, TYPES } from './soap.ts';

const OURS: readonly string[] = [TYPES, MESSAGES];

/** The schema versions a request may name. @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/requestserverversion} */
const VERSIONS: readonly (string | undefined)[] = [
  'Exchange2007',
  'Exchange2007_SP1',
  'Exchange2010',
  'Exchange2010_SP1',
  'Exchange2010_SP2',
  'Exchange2013',
  'Exchange2013_SP1',
  'Exchange2016',
];

/** Returns the operation of a request: what its body holds. @throws EwsFault for what is no request of EWS */
export function readOperation(document: string): XmlElement {
  const envelope = readXml(document);
  const body = envelope?.name === 'Envelope' && envelope.namespace === SOAP ? childOf(envelope, 'Body') : undefined;
  const operation = body?.children[0];
  if (envelope === undefined || operation === undefined) throw invalidSchema('the body of the envelope holds no operation');
  const version = childOf(childOf(envelope, 'Header'), 'RequestServerVersion')?.attributes.get('Version');
  if (!VERSIONS.includes(version)) {
    throw new EwsFault('ErrorInvalidServerVersion', 'The specified server version is invalid.');
  }
  checkNamespaces(operation);
  return operation;
}

/** Microsoft's own samples have https in them, with which nothing is found. */
function checkNamespaces({ name, namespace, children }: XmlElement): void {
  if (!OURS.includes(namespace)) throw invalidSchema(`the element '${name}' in namespace '${namespace}' is unknown`);
  children.forEach(checkNamespaces);
}
