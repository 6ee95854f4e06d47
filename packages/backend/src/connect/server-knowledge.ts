import type { Backend } from '../backend.ts';
import type { ServerEvidence, ServerKnowledge } from '../providers/password-sign-in.ts';
import type { DomainServer, DomainServerKey } from '../storage/questions/domain-servers.ts';
import { formOf } from './user-name-form.ts';

/** How long a server is remembered after somebody used it last. */
const REMEMBERED_MS = 180 * 24 * 3600_000;

type Deps = Pick<Backend, 'store' | 'now'>;

/** What is known of the servers of a mail domain, and those that are tried, in their order. */
export interface Known {
  readonly knowledge: ServerKnowledge;
  readonly servers: readonly DomainServer[];
}

/** Looks up what an application has learnt of a mail domain, and what the operator has said. What waits for their yes is not used. */
export async function knownServers({ store, now }: Deps, of: DomainServerKey): Promise<Known> {
  const servers = (await store.findDomainServers({ ...of, nowMs: now() })).filter(({ state }) => state === 'usable');
  const hosts = new Set(servers.filter(({ vouchedBy }) => vouchedBy === 'operator').map(({ ewsUrl }) => new URL(ewsUrl).hostname));
  return {
    servers,
    knowledge: {
      known: servers.map(({ ewsUrl, offersNtlm }) => ({ ewsUrl, offersNtlm })),
      allows: (mailDomain, host) => mailDomain === of.mailDomain && hosts.has(host),
    },
  };
}

/** Somebody who has just signed in. */
export interface Entrant {
  readonly applicationId: string;
  readonly provider: string;
  /** Both as they were typed. */
  readonly address: string;
  readonly userName: string;
  /** The domain of that address. */
  readonly mailDomain: string | undefined;
}

/**
 * Remembers the server for colleagues: what the domain itself vouches for can be used at once, a server that somebody typed waits for the operator,
 * and one that only this person's yes made good for is not remembered. Nor is any where the mailbox turned out to be of another domain.
 */
export async function rememberForColleagues({ store, now }: Deps, entrant: Entrant, server: ServerEvidence): Promise<void> {
  const { applicationId, provider, address, userName, mailDomain } = entrant;
  if (mailDomain === undefined || mailDomain !== server.mailDomain) return;
  const isVouchedFor = server.vouchedBy !== 'person';
  if (!isVouchedFor && server.namedBy !== 'typed') return;
  const nowMs = now();
  const { domain, form } = formOf(userName, address);
  await store.rememberServer({
    applicationId,
    provider,
    mailDomain,
    ewsUrl: server.ewsUrl,
    state: isVouchedFor ? 'usable' : 'waiting',
    vouchedBy: server.vouchedBy,
    userNameDomain: domain,
    userNameForm: form,
    offersNtlm: server.offersNtlm,
    evidence: server.evidence,
    nowMs,
    expiresAtMs: nowMs + REMEMBERED_MS,
  });
}
