import { once } from 'node:events';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { createGoogleEmulator, type GoogleEmulator, type GoogleEmulatorOptions } from './create-google-emulator.ts';

/** How an emulator listens. */
export interface StartGoogleEmulatorOptions extends Omit<GoogleEmulatorOptions, 'publicUrl'> {
  /** The default, 0, takes a free one. */
  readonly port?: number;
  /** The address to listen on. The default is the computer itself alone, over IPv4 and, where there is one, IPv6. */
  readonly host?: string;
  /** Where browsers find the emulator. A function is told the port. The default is `http://127.0.0.1:PORT`. */
  readonly publicUrl?: string | ((port: number) => string);
}

/** An emulator that is listening. */
export interface RunningGoogleEmulator extends GoogleEmulator {
  /** Where servers on this computer find it: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Ends every connection and frees the port. */
  readonly close: () => Promise<void>;
}

const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Creates an emulator and listens.
 * @throws Error with the system's code, such as `EADDRINUSE`, when the port cannot be had.
 */
export async function startGoogleEmulator(options: StartGoogleEmulatorOptions): Promise<RunningGoogleEmulator> {
  // The port is known only when the server listens, and the emulator must know it before its first answer.
  const later: { emulator?: GoogleEmulator } = {};
  const answer: Answer = (request) => later.emulator?.app.fetch(request) ?? new Response(null, { status: 503 });
  const servers = await listen(answer, {
    port: options.port ?? 0,
    hosts: options.host === undefined ? LOOPBACK : [options.host],
    attempts: 5,
  });
  const port = portOf(servers) ?? 0;
  const url = `http://127.0.0.1:${port}`;
  const publicUrl = typeof options.publicUrl === 'function' ? options.publicUrl(port) : (options.publicUrl ?? url);
  try {
    later.emulator = createGoogleEmulator({ serverUrl: url, ...options, publicUrl });
  } catch (error) {
    await closeAll(servers);
    throw error;
  }
  return { ...later.emulator, url, port, close: () => closeAll(servers) };
}

type Answer = (request: Request) => Response | Promise<Response>;

interface Listening {
  readonly port: number;
  readonly hosts: readonly string[];
  /** How often to look for a port that is free at every host. */
  readonly attempts: number;
}

async function listen(answer: Answer, { port, hosts, attempts }: Listening): Promise<ServerType[]> {
  const servers: ServerType[] = [];
  for (const host of hosts) {
    try {
      servers.push(await listenOn(answer, portOf(servers) ?? port, host));
    } catch (error) {
      // A computer without IPv6 has no ::1. A port that is taken there would send some browsers to somebody else.
      if (servers.length > 0 && isOneOf(error, ['EADDRNOTAVAIL', 'EAFNOSUPPORT'])) continue;
      await closeAll(servers);
      if (port === 0 && attempts > 1 && isOneOf(error, ['EADDRINUSE'])) return listen(answer, { port, hosts, attempts: attempts - 1 });
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
