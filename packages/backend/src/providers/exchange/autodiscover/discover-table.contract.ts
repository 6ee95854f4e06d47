import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { expect } from 'vitest';
import type { ServiceRecord } from '../../../outbound/resolve-services.ts';
import { createSchemeMemory } from '../log-in/choose-scheme.ts';
import { createInternet, type Host, type Internet, registrableDomain } from '../scripted-internet.contract.ts';
import { discover, type DiscoveryOutcome } from './discover.ts';
import type { DiscoveryParts, DiscoveryRequest } from './search.ts';

/** One row of the table. Whoever is in no list gets no secret; `secretsTo` gets one, and nobody else at all. */
export interface DiscoveryCase {
  readonly hosts: Readonly<Record<string, Host>>;
  readonly services?: readonly ServiceRecord[];
  readonly request?: Partial<DiscoveryRequest>;
  readonly parts?: Partial<DiscoveryParts>;
  readonly expected: object;
  /** Hosts that the login is sent to, as NTLM or Basic. Default: none. */
  readonly secretsTo?: readonly string[];
  /** Hosts whose address is never even asked for. */
  readonly neverAsked?: readonly string[];
}

/** Stands in all requests of the table. */
const PASSWORD = 'right';

/** Runs one row, and checks what no row may do. */
export async function runCase({ hosts, services, request, parts, expected, secretsTo = [], neverAsked = [] }: DiscoveryCase): Promise<{
  readonly outcome: DiscoveryOutcome;
  readonly internet: Internet;
}> {
  const internet = await createInternet(hosts, services);
  const asked: DiscoveryRequest = { address: 'ann@corp.example', login: { userName: 'ann@corp.example', password: PASSWORD }, ...request };
  const outcome = await discover(asked, {
    conversations: internet.conversations,
    resolveServices: internet.resolveServices,
    registrableDomain,
    now: Date.now,
    randomBytes,
    schemes: createSchemeMemory(),
    ...parts,
  });
  const { trace, ...result } = outcome;
  expect(result).toMatchObject(expected);
  const secrets = internet.seen.filter(({ secret }) => secret !== 'none');
  expect([...new Set(secrets.map(({ host }) => host))].toSorted()).toEqual([...secretsTo].toSorted());
  for (const host of [...neverAsked, 'autodiscover.example', 'example', 'autodiscover.co.uk', 'autodiscover.com.br']) {
    expect(internet.resolved).not.toContain(host);
  }
  // By plain http goes one question, and nothing of the person's.
  expect(internet.seen.filter(({ secure, secret, body }) => !secure && (secret !== 'none' || body !== ''))).toEqual([]);
  expect(internet.connected.filter((target) => !/:(443|80)$/.test(target))).toEqual([]);
  // The password is in no address and no document, and the trace holds neither it nor the mail address.
  expect(internet.seen.filter(({ path, body }) => `${path}${body}`.includes(asked.login?.password ?? PASSWORD))).toEqual([]);
  const { address } = asked;
  for (const kept of [address, asked.login?.userName, asked.login?.password, encodeURIComponent(address)]) {
    if (kept !== undefined && kept !== '') expect(JSON.stringify(trace)).not.toContain(kept);
  }
  return { outcome, internet };
}

/** A web site that answers everything with a page, also what it should not. */
export const webSite: RequestListener = (_, response) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');

/** Answers everything with a redirect. */
export function leadingTo(location: string, status = 302): RequestListener {
  return (_, response) => void response.writeHead(status, { location }).end();
}

/** Answers everything with a status. */
export function saying(status: number, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_, response) => void response.writeHead(status, headers).end();
}
