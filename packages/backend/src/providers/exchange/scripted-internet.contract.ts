import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { afterEach } from 'vitest';
import { type Conversations, createConversations } from '../../outbound/conversation.ts';
import type { ResolveServices, ServiceRecord } from '../../outbound/resolve-services.ts';
import { createAuthority, createCertificate, type Identity } from '../../outbound/servers.contract.ts';
import type { RegistrableDomain } from './registrable-domain.ts';

/** What a host's certificate is like. */
export type CertificateKind = 'trusted' | 'self_signed' | 'expired' | 'wrong_name' | 'unknown_authority';

/** A host of the internet that a test makes. Ports without a listener are closed. */
export interface Host {
  readonly https?: RequestListener;
  readonly http?: RequestListener;
  readonly certificate?: CertificateKind;
  /** Instead of a public one. */
  readonly address?: string;
}

/** What came to a host, and what it showed of the person. */
export interface Seen {
  readonly host: string;
  readonly secure: boolean;
  readonly method: string;
  readonly path: string;
  /** In small letters: `ntlm` for the first message too, which says nothing. */
  readonly scheme: string;
  /** A password, or what can be tried out against one. */
  readonly secret: 'none' | 'password' | 'ntlm_response';
  readonly body: string;
}

/** An internet of a test. */
export interface Internet {
  readonly conversations: Conversations;
  readonly resolveServices: ResolveServices;
  /** Names whose addresses were asked for, each once. */
  readonly resolved: ReadonlySet<string>;
  readonly seen: readonly Seen[];
  /** Addresses that were connected to. */
  readonly connected: readonly string[];
}

const authority = await createAuthority();
const stranger = await createAuthority('Stranger');
const made = new Map<string, Promise<Identity>>();
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function identityOf(name: string, kind: CertificateKind): Promise<Identity> {
  const key = `${name} ${kind}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const facts = {
    trusted: { names: [name], by: authority },
    self_signed: { names: [name] },
    expired: { names: [name], by: authority, from: -3, until: -1 },
    wrong_name: { names: ['parking.example'], by: authority },
    unknown_authority: { names: [name], by: stranger },
  }[kind];
  const identity = createCertificate(facts);
  made.set(key, identity);
  return identity;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

/** Every host has a public address, and a proxy that leads to it: so all rules of the way out hold as they do outside of tests. */
export async function createInternet(hosts: Readonly<Record<string, Host>>, services: readonly ServiceRecord[] = []): Promise<Internet> {
  const seen: Seen[] = [];
  const resolved = new Set<string>();
  const connected: string[] = [];
  const addresses = new Map(Object.entries(hosts).map(([name, host], index) => [name, host.address ?? `93.184.216.${index + 1}`]));
  const contexts = new Map<string, SecureContext>();
  for (const [name, host] of Object.entries(hosts)) {
    contexts.set(name, createSecureContext(await identityOf(name, host.certificate ?? 'trusted')));
  }
  const answer = (secure: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    const name = (request.headers.host ?? '').replace(/:\d+$/, '');
    void readBody(request).then((body) => {
      seen.push(seenOf(name, { secure, request, body }));
      const listener = secure ? hosts[name]?.https : hosts[name]?.http;
      Object.assign(request, { read: body });
      listener?.(request, response);
    });
  };
  const fallback = await identityOf('nobody.example', 'trusted');
  const https = await listen(
    createHttpsServer({ ...fallback, SNICallback: (name, done) => done(null, contexts.get(name)) }, answer(true)).on(
      'tlsClientError',
      () => undefined,
    ),
  );
  const http = await listen(createHttpServer(answer(false)));
  const nameOf = (address: string) => [...addresses].find(([, each]) => each === address)?.[0] ?? '';
  const proxy = createHttpServer().on('connect', (request, socket: Socket) => {
    const target = request.url ?? '';
    connected.push(target);
    socket.on('error', () => undefined);
    const [address = '', port] = target.split(':');
    const host = hosts[nameOf(address)];
    const there = port === '443' ? host?.https && https : port === '80' ? host?.http && http : undefined;
    if (there === undefined) return void socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    const onward = connect(there, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    return undefined;
  });
  const conversations = createConversations(
    { ca: authority.cert, proxy: `http://127.0.0.1:${await listen(proxy)}` },
    {
      resolve: (name) => {
        resolved.add(name);
        const address = addresses.get(name);
        return address === undefined
          ? Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
          : Promise.resolve([address]);
      },
    },
  );
  const resolveServices: ResolveServices = (name) => {
    resolved.add(name);
    return Promise.resolve(services);
  };
  return { conversations, resolveServices, resolved, seen, connected };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The body, which was read before the listener was called. */
export function bodyOf(request: IncomingMessage): string {
  return (request as IncomingMessage & { readonly read?: string }).read ?? '';
}

function seenOf(host: string, { secure, request, body }: { secure: boolean; request: IncomingMessage; body: string }): Seen {
  const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
  const isResponse = Buffer.from(token, 'base64').subarray(0, 9).toString('latin1') === 'NTLMSSP\0\x03';
  const secret = token === '' ? 'none' : isResponse ? 'ntlm_response' : /^(ntlm|negotiate)$/i.test(scheme) ? 'none' : 'password';
  return { host, secure, method: request.method ?? '', path: request.url ?? '', scheme: scheme.toLowerCase(), secret, body };
}

/** The few suffixes that tests need, as the public suffix list has them, and its rule `*` for all others. */
export const registrableDomain: RegistrableDomain = (host) => {
  const labels = host.toLowerCase().split('.');
  const suffixLabels = ['co.uk', 'com.br', 'pages.example'].includes(labels.slice(-2).join('.')) ? 2 : 1;
  if (/^[\d.]+$/.test(host) || labels.length <= suffixLabels) return undefined;
  return labels.slice(-suffixLabels - 1).join('.');
};
