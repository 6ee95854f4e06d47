import { escapeXml } from '../xml/escape-xml.ts';
import { childrenOf, descend, onlyChild, readXml, textIn } from '../xml/read-xml.ts';
import type { XmlElement } from '../../xml/parse-xml.ts';
import type { AutodiscoverAnswer, AutodiscoverForm } from './answers.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';
const AUTODISCOVER = 'http://schemas.microsoft.com/exchange/2010/Autodiscover';
const ACTION = `${AUTODISCOVER}/Autodiscover/GetUserSettings`;
/** For the outside first. */
const URLS = ['ExternalEwsUrl', 'InternalEwsUrl'];
/**
 * Not asked, though there are more: `EwsSupportedSchemas` and `CasVersion`, because EWS says its build itself in each answer, and that is the one of the
 * server that answers; `GroupingInformation`, because it is for notifications that many mailboxes share one connection for.
 */
const SETTINGS = [...URLS, 'UserDisplayName', 'AutoDiscoverSMTPAddress'];

/**
 * Autodiscover as a SOAP service, which servers have since 2010.
 *
 * @see [GetUserSettings](https://learn.microsoft.com/exchange/client-developer/web-service-reference/getusersettings-operation-soap)
 */
export const soap: AutodiscoverForm = {
  step: 'soap',
  path: '/autodiscover/autodiscover.svc',
  headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml', soapaction: `"${ACTION}"` },
  write: (mailbox, to) =>
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP}" xmlns:a="${AUTODISCOVER}" xmlns:w="${ADDRESSING}"><s:Header>` +
    `<a:RequestedServerVersion>Exchange2010</a:RequestedServerVersion><w:Action>${ACTION}</w:Action><w:To>${escapeXml(to.href)}</w:To></s:Header>` +
    `<s:Body><a:GetUserSettingsRequestMessage><a:Request><a:Users><a:User><a:Mailbox>${escapeXml(mailbox)}</a:Mailbox></a:User></a:Users>` +
    `<a:RequestedSettings>${SETTINGS.map((name) => `<a:Setting>${name}</a:Setting>`).join('')}</a:RequestedSettings></a:Request>` +
    '</a:GetUserSettingsRequestMessage></s:Body></s:Envelope>',
  read(bytes) {
    const root = readXml(bytes);
    const response = root?.name === 'Envelope' ? descend(root, 'Body', 'GetUserSettingsResponseMessage', 'Response') : undefined;
    if (response?.namespace !== AUTODISCOVER) return { kind: 'unreadable' };
    const user = descend(response, 'UserResponses', 'UserResponse');
    return failureOf(response) ?? failureOf(user) ?? readSettings(user);
  },
};

/** The code can be on each level; a redirect is one. */
function failureOf(level: XmlElement | undefined): AutodiscoverAnswer | undefined {
  const code = textIn(level, 'ErrorCode') ?? 'NoError';
  const target = textIn(level, 'RedirectTarget');
  switch (code) {
    case 'NoError':
      return undefined;
    case 'ServerBusy':
      return { kind: 'busy' };
    case 'RedirectAddress':
      return target === undefined ? { kind: 'unreadable' } : { kind: 'redirect_address', address: target };
    case 'RedirectUrl':
      return target === undefined ? { kind: 'unreadable' } : { kind: 'redirect_url', url: target };
    default:
      return /^[A-Za-z]{2,60}$/.test(code) ? { kind: 'error', code } : { kind: 'unreadable' };
  }
}

function readSettings(user: XmlElement | undefined): AutodiscoverAnswer {
  const settings = onlyChild(user, 'UserSettings');
  if (settings === undefined) return { kind: 'unreadable' };
  const given = childrenOf(settings, 'UserSetting');
  // Two values of one setting are none: nobody can say which of them is meant.
  const valueOf = (name: string): string | undefined => {
    const found = given.filter((setting) => textIn(setting, 'Name') === name);
    return found.length === 1 ? textIn(found[0], 'Value') : undefined;
  };
  return {
    kind: 'settings',
    ewsUrls: [...new Set(URLS.flatMap((name) => valueOf(name) ?? []))],
    displayName: valueOf('UserDisplayName'),
    primaryAddress: valueOf('AutoDiscoverSMTPAddress'),
  };
}
