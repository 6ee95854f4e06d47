import type { Conversation } from '../../../outbound/conversation.ts';
import { refusalOf } from '../log-in/outcome.ts';
import { ask, isExchangePath } from '../log-in/session.ts';
import { isExchangeOnlineHost } from './exchange-online.ts';
import { tellRefusal, tellStatus } from './meaning.ts';
import type { Consent, Search, VouchedBy } from './search.ts';

/** What came of an address that is said to be EWS. */
export type EwsCheck =
  | { readonly kind: 'found'; readonly url: URL; readonly vouchedBy: VouchedBy }
  | { readonly kind: 'exchange_online' }
  | { readonly kind: 'not_here' };

/**
 * Sees whether EWS answers at an address that Autodiscover named, without anything of the person's: somebody else's host is not asked
 * before there is a yes for it.
 */
export async function checkEws(search: Search, text: string): Promise<EwsCheck> {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '' || !/^\/ews\/[^?#]/i.test(url.pathname)) {
    search.note('ews', '…', { answered: 'no https address of EWS', means: 'redirect_refused' });
    return { kind: 'not_here' };
  }
  url.search = '';
  url.hash = '';
  if (isExchangeOnlineHost(url.hostname)) {
    search.note('ews', url, { answered: 'not asked', means: 'exchange_online' });
    return { kind: 'exchange_online' };
  }
  const vouchedBy = search.vouchFor(url.hostname);
  if (vouchedBy === undefined) {
    wantConsent(search, url, 'ews_url');
    return { kind: 'not_here' };
  }
  return (await answersThere(search, url)) ? { kind: 'found', url, vouchedBy } : { kind: 'not_here' };
}

/** Keeps the first host that would need a yes. */
export function wantConsent(search: Search, url: URL, namedBy: Consent['namedBy']): void {
  search.note(namedBy === 'ews_url' ? 'ews' : 'pox', url, { answered: 'not asked for a login', means: 'needs_consent' });
  search.consent ??= { host: url.hostname, namedBy };
}

async function answersThere(search: Search, url: URL): Promise<boolean> {
  let conversation: Conversation | undefined;
  try {
    conversation = await search.open(url);
    const asked = await ask(conversation, url.pathname, { signal: search.signal });
    const found = asked.status === 401 && isExchangePath(url.pathname);
    search.note('ews', url, { answered: tellStatus(asked), means: found ? 'ews_found' : 'no_autodiscover' });
    if (!found) search.refusals.push({ host: url.hostname, refusal: { outcome: 'not_exchange', status: asked.status } });
    return found;
  } catch (error) {
    const refusal = refusalOf(error);
    search.note('ews', url, tellRefusal(refusal));
    search.refusals.push({ host: url.hostname, refusal });
    return false;
  } finally {
    conversation?.close();
  }
}
