import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync } from 'node:zlib';
import { createAdaptorServer } from '@hono/node-server';

/** A request and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Headers;
  readonly requestBody: string;
  readonly status: number;
  readonly responseHeaders: Headers;
  readonly responseBody: string;
}

/** One of the sites of a world, at a port of its own. */
export interface Site {
  /** How browsers name it: a site of its own, which `localhost` with another port would not be. */
  readonly origin: string;
  /** How servers name it: Node does not resolve names under `localhost`. */
  readonly serverUrl: string;
  readonly port: number;
  /** Decides who answers; until then every answer is 503. */
  answerWith(fetch: Answer): void;
  close(): Promise<void>;
}

type Answer = (request: Request) => Response | Promise<Response>;

/** Listens, and writes down everything that browsers ask and get. */
export async function openSite(
  name: 'partner' | 'connect' | 'google' | 'microsoft' | 'attacker' | 'portal' | 'zoom',
  exchanges: Exchange[],
): Promise<Site> {
  let answer: Answer = () => new Response(null, { status: 503 });
  const server = createAdaptorServer({ fetch: (request) => record(request, answer, exchanges) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on an address has one.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${name}.localhost:${port}`,
    serverUrl: `http://127.0.0.1:${port}`,
    port,
    answerWith: (fetch) => {
      answer = fetch;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

async function record(request: Request, answer: Answer, exchanges: Exchange[]): Promise<Response> {
  // What servers say to each other is theirs; only browsers use the names.
  if (!new URL(request.url).hostname.endsWith('.localhost')) return answer(request);
  const requestBody = request.method === 'POST' ? await request.clone().text() : '';
  const response = await answer(request);
  const bytes = Buffer.from(await response.clone().arrayBuffer());
  exchanges.push({
    method: request.method,
    url: request.url,
    requestHeaders: request.headers,
    requestBody,
    status: response.status,
    responseHeaders: response.headers,
    responseBody: (response.headers.get('content-encoding') === 'br' ? brotliDecompressSync(bytes) : bytes).toString('utf8'),
  });
  return response;
}
