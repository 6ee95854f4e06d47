import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { generate } from 'selfsigned';
import { type Browser, createBrowser } from '../support/browser.ts';
import { createWorld, type World } from '../support/world.ts';

/** A request as the clients hand it to a `fetch` of the test's. */
export interface SentRequest {
  readonly method?: string;
  readonly headers?: RequestInit['headers'];
  readonly body?: unknown;
}

/** A backend that answers over real https, for clients that accept nothing less. */
export interface HttpsBackend {
  readonly world: World;
  /** `https://localhost:PORT`, and the path it is mounted under. */
  readonly issuer: URL;
  /** Sends as the platform's `fetch` does, and trusts this backend's certificate besides nothing. */
  readonly fetch: (url: string, init: SentRequest) => Promise<Response>;
  /** A browser that reaches the backend over https, and the emulated Google. */
  browser(): Browser;
  close(): Promise<void>;
}

/** @param path Where a host mounts it: empty for the root, or such as `/calendar`. */
export async function startHttpsBackend(path: '' | `/${string}`): Promise<HttpsBackend> {
  const certificate = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const host = new Hono();
  const server = createAdaptorServer({
    fetch: (request) => host.fetch(request),
    createServer,
    serverOptions: { key: certificate.private, cert: certificate.cert },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The address is known only now, and the backend has to be told of it.
  const publicUrl = `https://localhost:${(server.address() as AddressInfo).port}${path}`;
  const issuer = new URL(publicUrl);
  const world = await createWorld({ publicUrl });
  host.route('/', world.connect.wellKnown).route(path === '' ? '/' : path, world.connect.app);
  const trusting = trust(certificate.cert);
  return {
    world,
    issuer,
    fetch: trusting,
    browser: () =>
      createBrowser((url, init) => {
        if (url.origin === issuer.origin) return trusting(url.href, init);
        return url.origin === world.googleUrl ? fetch(url, init) : undefined;
      }),
    close: async () => {
      await world.close();
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

/** A `fetch` over one connection each, follows no redirect, and trusts one certificate. The platform's own takes none before it starts. */
function trust(ca: string): HttpsBackend['fetch'] {
  return async (url, init) => {
    const body = (init.body ?? null) as string | URLSearchParams | Uint8Array<ArrayBuffer> | null;
    const asked = new Request(url, { method: init.method ?? 'GET', headers: init.headers ?? {}, body });
    const sent = httpsRequest(url, { ca, agent: false, method: asked.method, headers: Object.fromEntries(asked.headers) });
    sent.end(Buffer.from(await asked.arrayBuffer()));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const headers = new Headers();
    for (let index = 0; index < answer.rawHeaders.length; index += 2) {
      headers.append(answer.rawHeaders[index] ?? '', answer.rawHeaders[index + 1] ?? '');
    }
    const status = answer.statusCode ?? 0;
    const content = [204, 205, 304].includes(status) ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>);
    return new Response(content, { status, headers });
  };
}
