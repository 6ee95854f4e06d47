import { once } from 'node:events';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { Hono } from 'hono';

/** Long polls that are still open when the server is told to stop are cut after this time. */
const GRACE_MS = 500;

/** Servers that answer, until they are closed. */
export interface Listening {
  close(): Promise<void>;
}

/**
 * Listens on one port of both loopback addresses, or of the one address given. `localhost` is `::1` to some browsers and `127.0.0.1` to
 * others.
 *
 * @throws Error with the system's code, such as `EADDRINUSE`
 */
export async function listen(app: Pick<Hono, 'fetch'>, port: number, host: string | undefined): Promise<Listening> {
  const servers: ServerType[] = [];
  const close = async () => void (await Promise.all(servers.map(stop)));
  try {
    for (const address of host === undefined ? ['127.0.0.1', '::1'] : [host]) {
      const server = createAdaptorServer({ fetch: app.fetch });
      const missing = await startOn(server, port, address);
      if (!missing) servers.push(server);
    }
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Tells whether this computer lacks the address: one without IPv6 has no `::1`. */
async function startOn(server: ServerType, port: number, address: string): Promise<boolean> {
  server.listen(port, address);
  try {
    await once(server, 'listening');
    return false;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (address === '::1' && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) return true;
    throw error;
  }
}

async function stop(server: ServerType): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const cut = setTimeout(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
  }, GRACE_MS);
  await closed;
  clearTimeout(cut);
}
