import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a backend and its database, and cuts the connection where a test says. */
export interface CuttingProxy {
  /** The database's address through it. */
  readonly url: string;
  /**
   * Cuts the connection that next sends this text: before the server has it (`unsent`), or once the server has answered, without
   * handing the answer on (`unanswered`).
   */
  cutAt(text: string, when: 'unsent' | 'unanswered'): void;
  /** How often it has cut. */
  readonly cuts: () => number;
  close(): Promise<void>;
}

/** @param on The port to listen on. Default: any that is free. */
export async function startCuttingProxy(databaseUrl: string, on = 0): Promise<CuttingProxy> {
  const upstream = new URL(databaseUrl);
  let plan: { text: string; when: 'unsent' | 'unanswered' } | undefined;
  let cuts = 0;
  const sockets = new Set<Socket>();

  function cut(client: Socket, server: Socket): void {
    cuts += 1;
    client.destroy();
    server.destroy();
  }

  const proxy = createServer((client) => {
    const server = connect(Number(upstream.port), upstream.hostname);
    let cutsAnswer = false;
    for (const socket of [client, server]) {
      sockets.add(socket.on('error', () => undefined).on('close', () => void sockets.delete(socket)));
    }
    client.on('data', (chunk) => {
      const due = plan !== undefined && chunk.includes(plan.text) ? plan.when : undefined;
      if (due !== undefined) plan = undefined;
      if (due === 'unsent') return cut(client, server);
      cutsAnswer ||= due === 'unanswered';
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (cutsAnswer) cut(client, server);
      else client.write(chunk);
    });
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  }).listen(on, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    url: Object.assign(new URL(databaseUrl), { port: String(port) }).href,
    cutAt: (text, when) => void (plan = { text, when }),
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
