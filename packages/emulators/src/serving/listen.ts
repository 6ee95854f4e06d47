import { once } from 'node:events';
import { createAdaptorServer, type ServerType } from '@hono/node-server';

/** Where an emulator listens. */
export interface ListenOptions {
  /** The default, 0, takes a free one. */
  readonly port?: number;
  /** The address to listen on. The default is the computer itself alone, over IPv4 and, where there is one, IPv6. */
  readonly host?: string;
}

/** An open port. */
export interface Listener {
  readonly port: number;
  /** Where servers on this computer find it: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Ends every connection and frees the port. */
  readonly close: () => Promise<void>;
}

/** Answers a request. */
export type Answer = (request: Request) => Response | Promise<Response>;

const LOOPBACK = ['127.0.0.1', '::1'];
const ATTEMPTS = 5;

/**
 * Listens.
 * @throws Error with the system's code, such as `EADDRINUSE`, when the port cannot be had.
 */
export async function listen(answer: Answer, options: ListenOptions): Promise<Listener> {
  const servers = await listenOnAll(answer, {
    port: options.port ?? 0,
    hosts: options.host === undefined ? LOOPBACK : [options.host],
    attempts: ATTEMPTS,
  });
  const port = portOf(servers) ?? 0;
  return { port, url: `http://127.0.0.1:${port}`, close: () => closeAll(servers) };
}

interface Listening {
  readonly port: number;
  readonly hosts: readonly string[];
  /** How often to look for a port that is free at every host. */
  readonly attempts: number;
}

async function listenOnAll(answer: Answer, { port, hosts, attempts }: Listening): Promise<ServerType[]> {
  const servers: ServerType[] = [];
  for (const host of hosts) {
    try {
      servers.push(await listenOn(answer, portOf(servers) ?? port, host));
    } catch (error) {
      // A computer without IPv6 has no ::1. A port that is taken there would send some browsers to somebody else.
      if (servers.length > 0 && isOneOf(error, ['EADDRNOTAVAIL', 'EAFNOSUPPORT'])) continue;
      await closeAll(servers);
      if (port === 0 && attempts > 1 && isOneOf(error, ['EADDRINUSE'])) return listenOnAll(answer, { port, hosts, attempts: attempts - 1 });
      throw error;
    }
  }
  return servers;
}

async function listenOn(answer: Answer, port: number, host: string): Promise<ServerType> {
  const server = createAdaptorServer({ fetch: answer });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function portOf([server]: readonly ServerType[]): number | undefined {
  const address = server?.address();
  return typeof address === 'object' ? address?.port : undefined;
}

async function closeAll(servers: readonly ServerType[]): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    }),
  );
}
