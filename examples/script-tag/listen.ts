import { once } from 'node:events';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';

/** Listens on this computer only; answers with what ends it. @throws Error with a sentence that says what to do where the port is taken */
export async function listen(app: Hono, port: number): Promise<() => void> {
  const servers = ['127.0.0.1', '::1'].map((address) => ({ address, server: createAdaptorServer({ fetch: app.fetch }) }));
  const close = () => {
    for (const { server } of servers) {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
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
      throw new Error(`Port ${port} is taken by another program. Choose another: npm start -- --partner-port N`, { cause: error });
    }
  }
  return close;
}
