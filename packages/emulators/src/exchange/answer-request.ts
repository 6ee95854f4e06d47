import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { serverNameOf } from './authentication/authenticate.ts';
import { describeCredentials, readAuthorization } from './authentication/read-authorization.ts';
import type { ExchangeFaultGroup } from './faults.ts';
import type { ExchangeParts } from './parts.ts';
import { answerExchange } from './sites/exchange-site.ts';
import type { Site, SiteAnswer, SiteRequest } from './sites/site.ts';
import { answerWebSite } from './sites/web-site.ts';
import { applyFault } from './trouble.ts';

const BODY_MOST_BYTES = 4 * 1024 * 1024;

/** Takes requests of one of the two ports. */
export type RequestTaker = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Creates what answers at a port, for every host. */
export function createRequestTaker(parts: ExchangeParts, secure: boolean): RequestTaker {
  const numbers = numberConnections(parts.nextConnection);
  return async (incoming, response) => {
    const body = await readBody(incoming);
    if (body === undefined) return void response.writeHead(413, { Connection: 'close' }).end();
    const request = toSiteRequest(incoming, body, secure);
    const site = siteOf(request, parts);
    // It is in the log although nothing is ever said to it.
    if (site.kind === 'silent') return note(request, 0, { parts, connection: numbers(incoming.socket) });
    // A server that fails says so, and what it was sent is in the log all the same.
    const answer = await answerAt(site, request, parts).catch((error: unknown) => ({ status: 500, body: String(error) }));
    note(request, answer.status, { parts, connection: numbers(incoming.socket) });
    if (!incoming.socket.destroyed) send(response, answer);
  };
}

async function answerAt(site: Site, request: SiteRequest, parts: ExchangeParts): Promise<SiteAnswer> {
  const fault = parts.faults.strike({ group: groupOf(request, site), host: request.host });
  const trouble = fault === undefined ? undefined : await applyFault(fault, request);
  if (trouble !== undefined) return trouble;
  switch (site.kind) {
    case 'exchange':
      return answerExchange(request, site, parts);
    case 'website':
      return answerWebSite(request, site);
    case 'redirect':
      return { status: site.status ?? 302, headers: { Location: site.to } };
    default:
      // Reached by a connection of another host alone: nobody is served here by that name.
      return { status: 421 };
  }
}

function siteOf({ host, secure }: SiteRequest, { hosts }: ExchangeParts): Site {
  return hosts.find(host)?.[secure ? 'https' : 'http'] ?? { kind: 'closed' };
}

function groupOf({ path }: SiteRequest, { kind }: Site): ExchangeFaultGroup {
  if (kind !== 'exchange') return 'other';
  if (/^\/ews\//i.test(path)) return 'ews';
  return /^\/autodiscover\//i.test(path) ? 'autodiscover' : 'other';
}

function toSiteRequest(incoming: IncomingMessage, body: string, secure: boolean): SiteRequest {
  const host = (incoming.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const [path = '', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: incoming.headers,
    body,
    host,
    secure,
    socket: incoming.socket,
    note: {},
  };
}

async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: SiteAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, typeof value === 'string' ? value : [...value]);
  if (response.getHeader('Content-Length') === undefined) response.setHeader('Content-Length', Buffer.byteLength(body));
  response.writeHead(status).end(body);
}

interface Noting {
  readonly parts: ExchangeParts;
  readonly connection: number;
}

function note(request: SiteRequest, status: number, { parts, connection }: Noting): void {
  const { headers, socket, query, body } = request;
  const credentials = describeCredentials(readAuthorization(headers.authorization));
  const serverName = serverNameOf(socket);
  const anchor = headers['x-anchormailbox'];
  parts.requests.add({
    atMs: parts.now(),
    connection,
    secure: request.secure,
    host: request.host,
    ...(serverName === undefined ? {} : { serverName }),
    method: request.method,
    path: request.path,
    query: query.toString(),
    ...(headers['user-agent'] === undefined ? {} : { userAgent: headers['user-agent'] }),
    ...(typeof anchor === 'string' ? { anchorMailbox: anchor } : {}),
    status,
    ...(credentials === undefined ? {} : { credentials }),
    ...request.note,
    hasPasswordInside: hasPassword(`${request.path}\n${[...query.values()].join('\n')}\n${otherHeaders(request)}\n${body}`, parts),
  });
}

function otherHeaders({ headers }: SiteRequest): string {
  return Object.entries(headers)
    .flatMap(([name, value]) => (name === 'authorization' ? [] : [String(value)]))
    .join('\n');
}

/** Also as a form or a path would have it. */
function hasPassword(text: string, { people }: ExchangeParts): boolean {
  return people
    .all()
    .some(({ password }) =>
      [password, encodeURIComponent(password), new URLSearchParams({ p: password }).toString().slice(2)].some((each) =>
        text.includes(each),
      ),
    );
}

function numberConnections(nextConnection: () => number): (socket: Socket) => number {
  const known = new WeakMap<Socket, number>();
  return (socket) => {
    const number = known.get(socket) ?? nextConnection();
    known.set(socket, number);
    return number;
  };
}
