import type { ExchangeParts } from '../parts.ts';
import type { AutodiscoverAnswer } from './answers.ts';

/** Whose mailbox it is, and where. */
export interface FoundMailbox {
  readonly action: 'settings';
  readonly email: string;
  readonly name: string;
  readonly externalEwsUrl: string | undefined;
  readonly internalEwsUrl: string | undefined;
}

/** What the three forms of Autodiscover write down, each in its own way. */
export type Decision = FoundMailbox | Exclude<AutodiscoverAnswer, { action: 'settings' }>;

/** What deciding uses. */
export type DecideDeps = Pick<ExchangeParts, 'people' | 'autodiscover' | 'ewsUrls'>;

/** The address that every mailbox in Exchange Online has besides, in a hybrid organisation. */
const ONLINE_DOMAIN = 'mail.onmicrosoft.com';

/** Says what is known of an address. */
export function decide(address: string, { people, autodiscover, ewsUrls }: DecideDeps): Decision {
  const told = autodiscover.find(address);
  if (told !== undefined && told.action !== 'settings') return told;
  const person = people.findByAddress(address);
  if (person === undefined || person.mailbox === 'none') return { action: 'unknown_address' };
  if (person.mailbox === 'exchange_online') return { action: 'exchange_online', to: onlineAddressOf(person.email) };
  const { external, internal } = ewsUrls;
  return {
    action: 'settings',
    email: person.email,
    name: person.name,
    externalEwsUrl: told !== undefined && 'externalEwsUrl' in told ? told.externalEwsUrl : (ewsUrlAt(person.movedTo) ?? external),
    internalEwsUrl: told !== undefined && 'internalEwsUrl' in told ? told.internalEwsUrl : internal,
  };
}

function ewsUrlAt(host: string | undefined): string | undefined {
  return host === undefined ? undefined : `https://${host}/EWS/Exchange.asmx`;
}

/** Where a mailbox in Exchange Online is sent to. */
export function onlineAddressOf(email: string): string {
  const [user = '', domain = ''] = email.split('@');
  return `${user}@${domain.split('.')[0]}.${ONLINE_DOMAIN}`;
}
