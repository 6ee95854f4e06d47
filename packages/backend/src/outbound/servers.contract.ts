import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach } from 'vitest';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A key and a certificate, in PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** What a test certificate says. */
export interface CertificateFacts {
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** Days from today. */
  readonly from?: number;
  readonly until?: number;
  /** Default: signed by itself. */
  readonly by?: Identity;
}

/** Makes an authority. */
export async function createAuthority(name = 'Test Authority'): Promise<Identity> {
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: made.private, cert: made.cert };
}

/** Makes a server's certificate. */
export async function createCertificate({ names = [], addresses = [], from = -2, until = 2, by }: CertificateFacts): Promise<Identity> {
  const made = await generate([{ name: 'commonName', value: 'test server' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() + from * DAY_MS),
    notAfterDate: new Date(Date.now() + until * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [...names.map((value) => ({ type: 2 as const, value })), ...addresses.map((ip) => ({ type: 7 as const, ip }))],
      },
    ],
    ...(by && { ca: { key: by.key, cert: by.cert } }),
  });
  return { key: made.private, cert: made.cert };
}

/** A server that a test started. It is closed after the test. */
export interface Running {
  readonly port: number;
  /** How many connections came. */
  readonly connections: () => number;
}

const running: { server: Server; sockets: Set<Socket> }[] = [];

afterEach(async () => {
  for (const { server, sockets } of running.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

async function start(server: Server, address: string, port = 0): Promise<Running> {
  const sockets = new Set<Socket>();
  running.push({ server, sockets });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(port, address);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, connections: () => sockets.size };
}

/** Starts an https server. */
export async function serveHttps(identity: Identity, listener: RequestListener, address = '127.0.0.1', port = 0): Promise<Running> {
  return start(createHttpsServer(identity, listener), address, port);
}

/** Starts a plain http server. */
export async function serveHttp(listener: RequestListener, address = '127.0.0.1'): Promise<Running> {
  return start(createHttpServer(listener), address);
}

/** Starts a server that speaks what it likes, after TLS. */
export async function serveRaw(identity: Identity, speak: (socket: Socket) => void): Promise<Running> {
  const server = createTlsServer(identity, (socket) => {
    socket.on('error', () => undefined);
    // What is asked does not matter.
    socket.once('data', () => speak(socket));
  });
  return start(server, '127.0.0.1');
}

/** Starts a server that accepts and does not speak TLS. */
export async function serveTcp(speak: (socket: Socket) => void): Promise<Running> {
  return start(createTcpServer(speak), '127.0.0.1');
}

/** An egress proxy as a test sees it. */
export interface RunningProxy extends Running {
  /** Targets and credentials, in the order they were asked for. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | undefined }[];
}

/** How the proxy behaves. */
export interface ProxyBehaviour {
  /** Over TLS with this certificate. */
  readonly identity?: Identity;
  /** `Basic …` that it wants. */
  readonly wants?: string;
  /** Where it leads, whatever it was asked for. */
  readonly leadsTo?: number;
  /** What it answers instead of 200. */
  readonly status?: (target: string) => number | undefined;
}

/** Starts a CONNECT proxy. */
export async function serveProxy({ identity, wants, leadsTo, status }: ProxyBehaviour): Promise<RunningProxy> {
  const asked: RunningProxy['asked'][number][] = [];
  const server: HttpServer = identity ? createHttpsServer(identity) : createHttpServer();
  server.on('connect', (request, socket: Socket) => {
    const target = request.url ?? '';
    const authorization = request.headers['proxy-authorization'];
    asked.push({ target, authorization });
    socket.on('error', () => undefined);
    const refusal = wants !== undefined && authorization !== wants ? 407 : status?.(target);
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 6\r\n\r\nsecret`);
    const onward = connect(leadsTo ?? Number(target.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    return undefined;
  });
  return { ...(await start(server, '127.0.0.1')), asked };
}
