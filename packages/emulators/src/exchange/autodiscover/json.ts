import type { ExchangeParts } from '../parts.ts';
import type { SiteAnswer, SiteRequest } from '../sites/site.ts';
import { decide } from './decide.ts';

/** EWS alone is answered for; the message of the real one names many more. */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([['ews', 'EWS']]);
const ONLINE_EWS_URL = 'https://outlook.office365.com/EWS/Exchange.asmx';

/**
 * Autodiscover V2, which asks nobody who they are: `/autodiscover/autodiscover.json/v1.0/{address}?Protocol=EWS`, and the address as `Email`
 * in the older form.
 */
export function answerJson({ path, query }: SiteRequest, parts: ExchangeParts): SiteAnswer {
  const address = decoded(/\/v1\.0\/([^/]+)$/i.exec(path)?.[1] ?? '') || (parameter(query, 'Email') ?? '');
  if (!address.includes('@')) return refuse(400, 'MandatoryParameterMissing', 'The get request sent does not match the valid format.');
  const wanted = parameter(query, 'Protocol') ?? '';
  if (wanted === '') return refuse(400, 'MissingProtocol', "A valid value must be provided for the query parameter 'Protocol'.");
  const protocol = PROTOCOLS.get(wanted.toLowerCase());
  if (protocol === undefined) return refuse(400, 'ProtocolNotSupported', `Protocol: The protocol '${wanted}' is not supported.`);
  const decision = decide(address, parts);
  const found = (url: string | undefined): SiteAnswer => (url === undefined ? notFound() : json(200, { Protocol: protocol, Url: url }));
  switch (decision.action) {
    case 'settings':
      return found(decision.externalEwsUrl);
    case 'exchange_online':
      return found(ONLINE_EWS_URL);
    case 'redirect_address':
      return sendTo(`https://autodiscover.${decision.to.split('@')[1]}`, decision.to, protocol);
    case 'redirect_url':
      return sendTo(new URL(decision.to).origin, address, protocol);
    case 'unknown_address':
      return notFound();
    case 'server_busy':
      return { status: 503 };
    case 'document':
      return { status: 200, headers: { 'Content-Type': decision.contentType ?? 'application/json; charset=utf-8' }, body: decision.body };
  }
}

function sendTo(origin: string, address: string, protocol: string): SiteAnswer {
  const query = new URLSearchParams({ Email: address, Protocol: protocol, RedirectCount: '1' });
  return { status: 302, headers: { Location: `${origin}/autodiscover/autodiscover.json?${query.toString()}` } };
}

function notFound(): SiteAnswer {
  return refuse(404, 'UserNotFound', 'The given user is not found.');
}

function refuse(status: number, code: string, message: string): SiteAnswer {
  return json(status, { ErrorCode: code, ErrorMessage: message });
}

function json(status: number, body: Readonly<Record<string, string>>): SiteAnswer {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

/** Returns nothing for what is not encoded rightly. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

/** Names of parameters are not told apart by their case. */
function parameter(query: URLSearchParams, name: string): string | undefined {
  return [...query].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
