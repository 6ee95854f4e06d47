import { escapeXml } from '../xml/escape-xml.ts';
import { childrenOf, onlyChild, readXml, textIn } from '../xml/read-xml.ts';
import type { XmlElement } from '../../xml/parse-xml.ts';
import type { AutodiscoverAnswer, AutodiscoverForm } from './answers.ts';

const REQUEST = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006';
const RESPONSE = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';
/** For the outside, for the inside, and what 2013 added. */
const PROTOCOLS = ['EXPR', 'EXCH', 'EXHTTP'];

/**
 * Autodiscover in plain XML, which every server has since 2007.
 *
 * @see [POX Autodiscover](https://learn.microsoft.com/exchange/client-developer/web-service-reference/pox-autodiscover-web-service-reference-for-exchange)
 */
export const pox: AutodiscoverForm = {
  step: 'pox',
  path: '/autodiscover/autodiscover.xml',
  headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml' },
  write: (mailbox) =>
    `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="${REQUEST}"><Request><EMailAddress>${escapeXml(mailbox)}</EMailAddress>` +
    `<AcceptableResponseSchema>${RESPONSE}</AcceptableResponseSchema></Request></Autodiscover>`,
  read(bytes) {
    const root = readXml(bytes);
    const response = root?.name === 'Autodiscover' ? onlyChild(root, 'Response') : undefined;
    const error = onlyChild(response, 'Error');
    if (error !== undefined) return errorOf(textIn(error, 'ErrorCode'));
    return response?.namespace === RESPONSE ? readAccount(response) : { kind: 'unreadable' };
  },
};

function readAccount(response: XmlElement): AutodiscoverAnswer {
  const account = onlyChild(response, 'Account');
  const action = textIn(account, 'Action');
  // A server may send both, and means the action.
  const address = action === 'redirectAddr' ? textIn(account, 'RedirectAddr') : undefined;
  if (address !== undefined) return { kind: 'redirect_address', address };
  const url = action === 'redirectUrl' ? textIn(account, 'RedirectUrl') : undefined;
  if (url !== undefined) return { kind: 'redirect_url', url };
  if (action !== 'settings') return { kind: 'unreadable' };
  const protocols = childrenOf(account, 'Protocol');
  const ewsUrls = PROTOCOLS.flatMap((type) => protocols.filter((protocol) => textIn(protocol, 'Type') === type)).flatMap(
    (protocol) => textIn(protocol, 'EwsUrl') ?? [],
  );
  const user = onlyChild(response, 'User');
  const primaryAddress = textIn(user, 'AutoDiscoverSMTPAddress');
  return { kind: 'settings', ewsUrls: [...new Set(ewsUrls)], displayName: textIn(user, 'DisplayName'), primaryAddress };
}

function errorOf(code: string | undefined): AutodiscoverAnswer {
  return code !== undefined && /^\d{1,6}$/.test(code) ? { kind: 'error', code } : { kind: 'unreadable' };
}
