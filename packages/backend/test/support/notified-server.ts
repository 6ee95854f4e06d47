import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { NotificationBody } from '@calendar-connect/protocol';

/** A notification as it came. */
export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly signature: string;
  readonly notification: NotificationBody['notification'];
}

/** A partner's server that is told of things. */
export interface NotifiedServer {
  readonly url: string;
  readonly received: readonly Received[];
  /** How it answers from now on; it begins with 200. A function may answer when it likes, or never. */
  answers(how: number | ((response: ServerResponse) => void)): void;
  close(): Promise<void>;
}

/** Starts such a server on this computer. */
export async function startNotifiedServer(): Promise<NotifiedServer> {
  const received: Received[] = [];
  let answer = (response: ServerResponse): void => {
    response.end();
  };
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { notification } = JSON.parse(body.toString()) as NotificationBody;
      const signature = String(request.headers['cronofy-hmac-sha256']);
      received.push({ method: request.method, path: request.url, headers: request.headers, body, signature, notification });
      answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notifications?key=of-the-partner`,
    received,
    answers: (how) => {
      answer = typeof how === 'function' ? how : (response) => void response.writeHead(how).end();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
