import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import type { RequestTaker } from './answer-request.ts';
import { closeServer } from './network/gateway.ts';

const KEEP_ALIVE_MS = 120_000;

/** A port of the emulator. */
export interface ExchangeListener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** What a listener is made of. */
export interface ListenerOptions {
  readonly take: RequestTaker;
  readonly port: number;
  readonly address: string;
}

/** Finds what a host shows in the TLS handshake; `undefined` where nobody answers by that name. */
export type FindContext = (serverName: string) => SecureContext | undefined;

/** Old servers speak TLS 1.0 alone, with what OpenSSL 3 has only below its security level 1. */
export const TLS_OPTIONS: Readonly<Record<'current' | '1.0', SecureContextOptions>> = {
  current: { minVersion: 'TLSv1.2' },
  '1.0': { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
};

/** Listens for plain http. */
export function listenHttp(options: ListenerOptions): Promise<ExchangeListener> {
  return listenBy(createHttpServer(), options);
}

/** Listens for https. Whoever names no host in the handshake gets the certificate of `fallback`. */
export function listenHttps(
  options: ListenerOptions,
  {
    find,
    fallback,
    tls,
  }: { readonly find: FindContext; readonly fallback: { cert: string; key: string }; readonly tls: SecureContextOptions },
): Promise<ExchangeListener> {
  const server = createHttpsServer({
    ...tls,
    ...fallback,
    SNICallback: (name, answer) => {
      const context = find(name);
      if (context === undefined) answer(new Error('no host of that name'));
      else answer(null, context);
    },
  });
  // A client that does not like the certificate ends the handshake: that is its right.
  server.on('tlsClientError', () => undefined);
  return listenBy(server, options);
}

async function listenBy(server: Server, { take, port, address }: ListenerOptions): Promise<ExchangeListener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (incoming, response) => {
    take(incoming, response).catch(() => response.destroy());
  });
  // Of IIS. A connection that is closed sooner has to be logged in again.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(port, address);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => closeServer(server, sockets) };
}
