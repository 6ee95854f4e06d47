import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ExchangeHosts } from './hosts.ts';

/** Where the emulator really listens. */
export interface ListeningPorts {
  readonly https: number;
  readonly http: number;
}

/** A place to connect to. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** An HTTP proxy that leads to the emulated hosts at the ports that they would really have, and nowhere else. */
export interface Gateway {
  /** `http://127.0.0.1:PORT` */
  readonly proxyUrl: string;
  /** Everything that somebody wanted to connect to, such as `203.0.113.7:443`, oldest first. */
  readonly attempts: () => readonly string[];
  readonly clearAttempts: () => void;
  readonly close: () => Promise<void>;
}

const ATTEMPTS_KEPT = 2_000;

/** Says where a host or an address of one answers at a port; `undefined` where nobody listens. */
export function createRoute(hosts: ExchangeHosts, ports: ListeningPorts): (host: string, port: number) => Place | undefined {
  return (host, port) => {
    const name = host.toLowerCase().replace(/^\[|\]$/g, '');
    const meant = hosts.all().filter((each) => each.name === name || each.addresses.includes(name));
    const isOpen = (kind: 'https' | 'http'): boolean => meant.some((each) => each[kind].kind !== 'closed');
    if ((port === 443 || port === ports.https) && isOpen('https')) return { host: '127.0.0.1', port: ports.https };
    if ((port === 80 || port === ports.http) && isOpen('http')) return { host: '127.0.0.1', port: ports.http };
    return undefined;
  };
}

/** Starts the proxy. It knows `CONNECT` alone. [RFC 9110 §9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6) */
export async function startGateway(route: (host: string, port: number) => Place | undefined): Promise<Gateway> {
  const attempts: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405, { Allow: 'CONNECT' }).end());
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const target = request.url ?? '';
    attempts.push(target);
    if (attempts.length > ATTEMPTS_KEPT) attempts.shift();
    const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(target) ?? [];
    const place = route(host, Number(port));
    if (place === undefined) return void client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    tunnel({ client, head, place, sockets });
  });
  server.on('connection', (socket) => keepUntilClosed(socket, sockets));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    proxyUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    attempts: () => [...attempts],
    clearAttempts: () => {
      attempts.length = 0;
    },
    close: () => closeServer(server, sockets),
  };
}

interface Tunnel {
  readonly client: Socket;
  readonly head: Buffer;
  readonly place: Place;
  readonly sockets: Set<Socket>;
}

function tunnel({ client, head, place, sockets }: Tunnel): void {
  const far = connect(place);
  keepUntilClosed(far, sockets);
  far.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) far.write(head);
    far.pipe(client).pipe(far);
  });
  for (const [one, other] of [[client, far] as const, [far, client] as const]) {
    one.once('error', () => other.destroy());
    one.once('close', () => other.destroy());
  }
}

function keepUntilClosed(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => sockets.delete(socket));
}

/** Ends every connection of a server and frees its port. */
export async function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}
