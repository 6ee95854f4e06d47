import { childOf, readXml } from '../../ews-operations/read-xml.ts';
import { element, textElement, type Xml } from '../../ews-operations/write-xml.ts';
import type { ExchangeParts } from '../parts.ts';
import type { SiteAnswer, SiteRequest } from '../sites/site.ts';
import { decide, onlineAddressOf, type Decision, type FoundMailbox } from './decide.ts';

const REQUEST = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006';
const RESPONSE = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';
const OUTLOOK_RESPONSE = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';

/**
 * `POST /autodiscover/autodiscover.xml` of somebody who is logged in.
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/pox-autodiscover-web-service-reference-for-exchange}
 */
export function answerPox({ method, body, note }: SiteRequest, parts: ExchangeParts): SiteAnswer {
  note.operation = 'Autodiscover';
  const root = method === 'POST' ? readXml(body) : undefined;
  const request = root?.namespace === REQUEST ? childOf(root, 'Request') : undefined;
  const address = childOf(request, 'EMailAddress')?.text.trim() ?? '';
  const schema = childOf(request, 'AcceptableResponseSchema')?.text.trim();
  if (!address.includes('@')) return errorAnswer('600', 'Invalid Request', parts.now());
  if (schema !== OUTLOOK_RESPONSE) return errorAnswer('601', 'Provider is not available', parts.now());
  return answerOf(decide(address, parts), address, parts);
}

function answerOf(decision: Decision, address: string, { now }: ExchangeParts): SiteAnswer {
  switch (decision.action) {
    case 'settings':
      return accountAnswer([userOf(decision)], [textElement('Action', 'settings'), ...protocolsOf(decision)]);
    case 'redirect_address':
      return accountAnswer([], [textElement('Action', 'redirectAddr'), textElement('RedirectAddr', decision.to)]);
    case 'exchange_online':
      return accountAnswer(
        [],
        [textElement('Action', 'redirectAddr'), textElement('RedirectAddr', decision.to ?? onlineAddressOf(address))],
      );
    case 'redirect_url':
      return accountAnswer([], [textElement('Action', 'redirectUrl'), textElement('RedirectUrl', decision.to)]);
    case 'unknown_address':
      return errorAnswer('500', "The email address can't be found.", now());
    case 'server_busy':
      return { status: 503 };
    case 'document':
      return { status: 200, headers: { 'Content-Type': decision.contentType ?? 'text/xml; charset=utf-8' }, body: decision.body };
  }
}

function userOf({ email, name }: FoundMailbox): Xml {
  const legacyDn = `/o=Corp/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=${email.split('@')[0]}`;
  return element(
    'User',
    {},
    textElement('DisplayName', name),
    textElement('LegacyDN', legacyDn),
    textElement('AutoDiscoverSMTPAddress', email),
  );
}

/** `EXCH` is for inside, `EXPR` for outside. */
function protocolsOf({ externalEwsUrl, internalEwsUrl }: FoundMailbox): readonly Xml[] {
  const protocol = (type: string, url: string | undefined): readonly Xml[] =>
    url === undefined ? [] : [element('Protocol', {}, textElement('Type', type), textElement('ASUrl', url), textElement('EwsUrl', url))];
  return [...protocol('EXCH', internalEwsUrl), ...protocol('EXPR', externalEwsUrl)];
}

function accountAnswer(user: readonly Xml[], account: readonly Xml[]): SiteAnswer {
  const response = element(
    'Response',
    { xmlns: OUTLOOK_RESPONSE },
    ...user,
    element('Account', {}, textElement('AccountType', 'email'), ...account),
  );
  return xmlAnswer(response);
}

function errorAnswer(code: string, message: string, nowMs: number): SiteAnswer {
  const time = `${new Date(nowMs).toISOString().slice(11, 23)}0000`;
  const error = element(
    'Error',
    { Time: time, Id: '2477272013' },
    textElement('ErrorCode', code),
    textElement('Message', message),
    element('DebugData', {}),
  );
  return xmlAnswer(element('Response', {}, error));
}

function xmlAnswer(response: Xml): SiteAnswer {
  const body = `<?xml version="1.0" encoding="utf-8"?>${element('Autodiscover', { xmlns: RESPONSE }, response).xml}`;
  return { status: 200, headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body };
}
