import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** As `getRequestListener` of `@hono/node-server` makes it. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Where to listen, and the flag that chooses another port. */
export interface ListenOptions {
  readonly port: number;
  readonly flag: string;
}

/** Listens on this computer only; answers with what ends it. @throws Error with a sentence that says what to do where the port is taken */
export async function listen(listener: Listener, { port, flag }: ListenOptions): Promise<() => void> {
  const servers = ['127.0.0.1', '::1'].map((address) => ({
    address,
    server: createServer((request, response) => void listener(request, response)),
  }));
  const close = () => {
    for (const { server } of servers) {
      server.close();
      server.closeAllConnections();
    }
  };
  for (const { address, server } of servers) {
    server.listen(port, address);
    try {
      await once(server, 'listening');
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // A computer without IPv6 has no ::1.
      if (address === '::1' && code !== 'EADDRINUSE') continue;
      close();
      if (code !== 'EADDRINUSE') throw error;
      throw new Error(`Port ${port} is taken by another program. Choose another with ${flag} N.`, { cause: error });
    }
  }
  return close;
}
