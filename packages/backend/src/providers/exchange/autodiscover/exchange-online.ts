/**
 * Where Exchange Online and Outlook.com answer, in all of Microsoft's clouds. A password typed for Exchange has no business there.
 *
 * @see [Microsoft 365 URLs and IP address ranges](https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges)
 */
const HOSTS: readonly string[] = [
  'outlook.com',
  'office365.com',
  'office.com',
  'office365.us',
  'office.de',
  'outlook.de',
  'outlook.cn',
  'office365.cn',
  'hotmail.com',
  'live.com',
  'microsoftonline.com',
  'microsoftonline.us',
  'partner.microsoftonline.cn',
];
/** Addresses that a server of the organisation's own names for a mailbox that has moved there. */
const DOMAINS: readonly string[] = ['onmicrosoft.com', 'onmicrosoft.us', 'onmicrosoft.cn', 'partner.onmschina.cn', 'onmicrosoft.de'];

/** Tells whether a host is one of Exchange Online's. */
export function isExchangeOnlineHost(host: string): boolean {
  return isAtOrBelow(host, HOSTS);
}

/** Tells whether mail of a domain is in Exchange Online by its name alone. */
export function isExchangeOnlineDomain(domain: string): boolean {
  return isAtOrBelow(domain, DOMAINS) || isExchangeOnlineHost(domain);
}

function isAtOrBelow(host: string, names: readonly string[]): boolean {
  const plain = host.toLowerCase().replace(/\.$/, '');
  return names.some((name) => plain === name || plain.endsWith(`.${name}`));
}
