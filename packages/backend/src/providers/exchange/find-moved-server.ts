import { parseMailAddress } from './autodiscover/mail-address.ts';
import { registrableDomain } from './public-suffixes.ts';
import { sameRegistrant } from './registrable-domain.ts';
import type { MailboxAtServer } from './server-moves.ts';
import { findServer, type FindSettings, withinTime } from './sign-in/find.ts';

/** A call waits for it. */
const LOOK_TIMEOUT_MS = 10_000;

/**
 * Finds the server that a mailbox was moved to, where the mail domain itself has both. Nobody is there who could be asked about anybody else's, and
 * the operator's rules are about people who sign in. Where the server before was somebody else's, the account is called by that server too, and
 * would be another one at the new. Rejects where the signal ended the look.
 */
export async function findMovedServer(settings: FindSettings, { url, mailbox, signal }: MailboxAtServer): Promise<URL | undefined> {
  const person = parseMailAddress(mailbox, registrableDomain);
  if (typeof person === 'string') return undefined;
  const isOwn = (host: string): boolean => sameRegistrant(host, person.domain, registrableDomain);
  if (!isOwn(url.hostname)) return undefined;
  const hints = { address: mailbox, approvedHosts: [], signal: withinTime(LOOK_TIMEOUT_MS, signal) };
  const found = await findServer(settings, hints, { allows: () => false });
  // Else what was broken off would count as a look that found nothing.
  signal?.throwIfAborted();
  if (found.outcome !== 'found' || found.target.ewsUrl === undefined) return undefined;
  const elsewhere = new URL(found.target.ewsUrl);
  return isOwn(elsewhere.hostname) && elsewhere.host !== url.host ? elsewhere : undefined;
}
