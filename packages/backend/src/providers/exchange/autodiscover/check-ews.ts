import type { Conversation } from '../../../outbound/conversation.ts';
import { type Refusal, refusalOf } from '../log-in/outcome.ts';
import { ask } from '../log-in/session.ts';
import { isExchangeOnlineHost } from './exchange-online.ts';
import { judgeEws } from './judge-ews.ts';
import { tellRefusal, tellStatus } from './meaning.ts';
import type { Consent, Search, VouchedBy } from './search.ts';

/** What came of the addresses that are said to be EWS. */
export type EwsCheck =
  | { readonly kind: 'found'; readonly url: URL; readonly vouchedBy: VouchedBy }
  | { readonly kind: 'exchange_online' }
  | { readonly kind: 'not_here' };

/** A settings document of a real server names two. */
const MAX_URLS = 4;

/**
 * Ends of names that the public DNS does not have: servers that are named for the inside alone call themselves so.
 *
 * @see [RFC 6762 appendix G](https://www.rfc-editor.org/rfc/rfc6762#appendix-G), and `.internal`, which ICANN reserved in 2024
 */
const INSIDE = /(?:^[^.]+|\.(?:local|localdomain|localhost|internal|intranet|private|corp|home|lan|home\.arpa))$/i;

/**
 * Sees whether EWS answers at addresses that Autodiscover named, the one for the outside first. Nothing of the person's is sent, and somebody
 * else's host is not asked before there is a yes for it. Only the first decides what a person is asked or told: the one for the inside stands
 * beside it in almost every answer, and it is no wonder that it cannot be reached.
 */
export async function checkEws(search: Search, texts: readonly string[]): Promise<EwsCheck> {
  let isFirst = true;
  let inside: string | undefined;
  for (const text of texts.slice(0, MAX_URLS)) {
    const check = await checkOne(search, text, isFirst);
    if (check.kind === 'found' || check.kind === 'exchange_online') return check;
    if (check.kind === 'inside') inside ??= check.host;
    if (check.kind === 'not_here') isFirst = false;
  }
  if (isFirst && inside !== undefined) search.refuseEws(inside, { outcome: 'unreachable', reason: 'name_of_the_inside' }, isFirst);
  return { kind: 'not_here' };
}

type OneChecked = EwsCheck | { readonly kind: 'unreadable' } | { readonly kind: 'inside'; readonly host: string };

async function checkOne(search: Search, text: string, isFirst: boolean): Promise<OneChecked> {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '' || !/^\/ews\/[^?#]/i.test(url.pathname)) {
    search.note('ews', '…', { answered: 'no https address of EWS', means: 'redirect_refused' });
    return { kind: 'unreadable' };
  }
  url.search = '';
  url.hash = '';
  if (isExchangeOnlineHost(url.hostname)) {
    search.note('ews', url, { answered: 'not asked', means: 'exchange_online' });
    return { kind: 'exchange_online' };
  }
  const vouchedBy = search.vouchFor(url.hostname);
  if (vouchedBy !== undefined) return (await answersThere(search, url, isFirst)) ? { kind: 'found', url, vouchedBy } : { kind: 'not_here' };
  // The dot at the end of a name is the root's.
  const isInside = INSIDE.test(url.hostname.replace(/\.$/, ''));
  if (isInside || !isFirst) {
    search.note('ews', url, { answered: 'not asked', means: 'of_the_inside' });
    return isInside ? { kind: 'inside', host: url.hostname } : { kind: 'not_here' };
  }
  wantConsent(search, url, 'ews_url');
  return { kind: 'not_here' };
}

/** Keeps the first host that would need a yes. */
export function wantConsent(search: Search, url: URL, namedBy: Consent['namedBy']): void {
  search.note(namedBy === 'ews_url' ? 'ews' : 'pox', url, { answered: 'not asked for a login', means: 'needs_consent' });
  search.consent ??= { host: url.hostname, namedBy };
}

async function answersThere(search: Search, url: URL, isFirst: boolean): Promise<boolean> {
  let conversation: Conversation | undefined;
  try {
    conversation = await search.open(url);
    const asked = await ask(conversation, url.pathname, { signal: search.signal });
    const refusal = judgeEws(asked, search.parts.now());
    if (refusal === undefined) search.note('ews', url, { answered: tellStatus(asked), means: 'ews_found' });
    else refused(search, url, { refusal, isFirst });
    return refusal === undefined;
  } catch (error) {
    refused(search, url, { refusal: refusalOf(error), isFirst });
    return false;
  } finally {
    conversation?.close();
  }
}

function refused(search: Search, url: URL, { refusal, isFirst }: { readonly refusal: Refusal; readonly isFirst: boolean }): void {
  const { answered, means } = tellRefusal(refusal);
  search.note('ews', url, { answered, means: refusal.outcome === 'not_exchange' ? 'no_ews' : means });
  search.refuseEws(url.hostname, refusal, isFirst);
}
