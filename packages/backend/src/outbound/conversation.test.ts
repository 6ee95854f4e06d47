import { createHash, X509Certificate } from 'node:crypto';
import { createServer } from 'node:tls';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Conversation, type ConversationOptions, createConversations } from './conversation.ts';
import { OutboundError } from './outbound-error.ts';
import type { Resolve } from './resolve.ts';
import { createAuthority, createCertificate, serveHttp, serveHttps, serveProxy, serveRaw } from './servers.contract.ts';

const authority = await createAuthority();
const certificate = await createCertificate({ names: ['mail.example', 'other.example'], by: authority });
const here: Resolve = () => Promise.resolve(['127.0.0.1']);
const PUBLIC = '93.184.216.34';

const ended: Conversation[] = [];
afterEach(() => ended.splice(0).forEach((conversation) => conversation.close()));

async function openTo(port: number, options: ConversationOptions = {}, resolve = here): Promise<Conversation> {
  const conversations = createConversations({ allow: ['127.0.0.0/8'], ports: [port], ca: authority.cert, ...options }, { resolve });
  const conversation = await conversations.open(`https://mail.example:${port}/`);
  ended.push(conversation);
  return conversation;
}

async function failure(asked: Promise<unknown>): Promise<OutboundError> {
  const error: unknown = await asked.then(
    () => 'no failure',
    (reason: unknown) => reason,
  );
  if (!(error instanceof OutboundError)) throw new Error('no OutboundError', { cause: error });
  return error;
}

describe('a conversation', () => {
  it('sends all requests over one connection, one after the other', async () => {
    const sockets = new Set<Socket>();
    const server = await serveHttps(certificate, (request, response) => {
      sockets.add(request.socket);
      response.setHeader('x-seen', `${request.method} ${request.url} ${request.headers.host}`);
      request.pipe(response);
    });
    const conversation = await openTo(server.port);
    const answers = await Promise.all(['a', 'b', 'c'].map((body) => conversation.fetch(`/ews?${body}`, { method: 'POST', body })));
    const told = await Promise.all(answers.map(async (answer) => `${answer.headers.get('x-seen')} ${await answer.text()}`));
    expect(told).toEqual(['a', 'b', 'c'].map((body) => `POST /ews?${body} mail.example:${server.port} ${body}`));
    await delay(20);
    expect((await conversation.fetch('/later')).status).toBe(200);
    expect([server.connections(), sockets.size, conversation.open]).toEqual([1, 1, true]);
  });

  it('shares its connection with nobody, not even with the next conversation to the same server', async () => {
    const server = await serveHttps(certificate, (_, response) => response.end());
    for (let times = 0; times < 3; times += 1) await (await openTo(server.port)).fetch('/');
    expect(server.connections()).toBe(3);
  });

  it('connects to the address checked, and asks the resolver once (I03)', async () => {
    const server = await serveHttps(certificate, (_, response) => response.end());
    let asked = 0;
    const rebinding: Resolve = () => Promise.resolve([(asked += 1) === 1 ? '127.0.0.1' : '10.0.0.1']);
    const conversation = await openTo(server.port, {}, rebinding);
    await conversation.fetch('/');
    await conversation.fetch('/');
    expect([asked, server.connections()]).toEqual([1, 1]);
  });

  it('is refused at a private address before anybody is asked', async () => {
    const server = await serveHttps(certificate, (_, response) => response.end());
    expect(await failure(openTo(server.port, { allow: [] }))).toMatchObject({ code: 'forbidden_address', reason: 'address' });
    expect(server.connections()).toBe(0);
  });

  it('is with one origin: another one is not asked over it', async () => {
    const server = await serveHttps(certificate, (_, response) => response.end());
    const conversation = await openTo(server.port);
    for (const path of ['https://other.example/', '//other.example/', `http://mail.example:${server.port}/`]) {
      expect(await failure(conversation.fetch(path))).toMatchObject({ code: 'invalid_url' });
    }
    expect((await conversation.fetch('/')).status).toBe(200);
  });

  it('is over when the server closes it, and does not begin anew by itself', async () => {
    const server = await serveHttps(certificate, (_, response) => response.writeHead(200, { connection: 'close' }).end());
    const conversation = await openTo(server.port);
    await conversation.fetch('/');
    await delay(20);
    expect(conversation.open).toBe(false);
    expect(await failure(conversation.fetch('/'))).toMatchObject({ code: 'unreachable', reason: 'CONVERSATION_OVER' });
    expect(server.connections()).toBe(1);
  });

  it('is over after a request that failed, so that the rest of its answer is nobody else’s', async () => {
    const server = await serveHttps(certificate, (request, response) => {
      response.write('x'.repeat(2000));
      if (request.url !== '/slow') response.end();
    });
    const slow = await openTo(server.port);
    expect((await failure(slow.fetch('/slow', { timeoutMs: 50 }))).code).toBe('timeout');
    expect(slow.open).toBe(false);
    const large = await openTo(server.port);
    expect((await failure(large.fetch('/', { maxResponseBytes: 1999 }))).code).toBe('too_large');
    expect(large.open).toBe(false);
  });

  it('takes no more headers than any other request does', async () => {
    const { port } = await serveRaw(certificate, (socket) => socket.end(`HTTP/1.1 200 OK\r\n${'a:\r\n'.repeat(100_000)}\r\n`));
    expect((await failure((await openTo(port)).fetch('/'))).code).toBe('too_large');
  });

  it('survives a server that breaks off between two requests', async () => {
    const server = await serveHttps(certificate, (request, response) => {
      response.end();
      setTimeout(() => request.socket.destroy(new Error('broken')), 10);
    });
    const conversation = await openTo(server.port);
    await conversation.fetch('/');
    await delay(40);
    expect(conversation.open).toBe(false);
  });

  it('verifies the certificate', async () => {
    const stranger = await createCertificate({ names: ['mail.example'] });
    const server = await serveHttps(stranger, (_, response) => response.end());
    expect(await failure(openTo(server.port))).toMatchObject({ code: 'untrusted_certificate', reason: 'self_signed' });
  });

  it('goes through the egress proxy to the address checked, and stays open for longer than it took to open', async () => {
    const server = await serveHttps(certificate, (_, response) => response.end());
    const proxy = await serveProxy({ leadsTo: server.port });
    const conversations = createConversations(
      { proxy: `http://127.0.0.1:${proxy.port}`, ca: authority.cert },
      { resolve: () => Promise.resolve([PUBLIC]) },
    );
    const conversation = await conversations.open('https://mail.example/', { timeoutMs: 300 });
    ended.push(conversation);
    await conversation.fetch('/');
    await delay(500);
    expect((await conversation.fetch('/')).status).toBe(200);
    expect([proxy.asked.map(({ target }) => target), server.connections()]).toEqual([[`${PUBLIC}:443`], 1]);
  });
});

describe('the certificate’s hash (RFC 5929)', () => {
  it('is that of the signature, SHA-256 for ECDSA with SHA-256', async () => {
    const server = await serveHttps(certificate, (_, response) => response.end());
    const { serverEndPoint } = await openTo(server.port);
    expect(Buffer.from(serverEndPoint ?? [])).toEqual(createHash('sha256').update(new X509Certificate(certificate.cert).raw).digest());
  });
});

describe('where plain http leads', () => {
  it('is asked at port 80 of the address checked, with nothing of ours but the path, and no more is read than that', async () => {
    let heads = '';
    const server = await serveHttp((request, response) => {
      heads += `${request.method} ${request.url} ${Object.keys(request.headers).toSorted().join(' ')}`;
      response.writeHead(302, { location: 'https://mail.example/autodiscover/autodiscover.xml' }).write('x'.repeat(100_000));
    });
    const proxy = await serveProxy({ leadsTo: server.port });
    const conversations = createConversations({ proxy: `http://127.0.0.1:${proxy.port}` }, { resolve: () => Promise.resolve([PUBLIC]) });
    expect(await conversations.askPlainRedirect('mail.example', '/autodiscover/autodiscover.xml')).toEqual({
      status: 302,
      location: 'https://mail.example/autodiscover/autodiscover.xml',
    });
    expect(proxy.asked.map(({ target }) => target)).toEqual([`${PUBLIC}:80`]);
    expect(heads).toBe('GET /autodiscover/autodiscover.xml accept accept-encoding connection host user-agent');
  });

  it('is not asked at a private address', async () => {
    const conversations = createConversations({}, { resolve: here });
    expect(await failure(conversations.askPlainRedirect('mail.example', '/'))).toMatchObject({
      code: 'forbidden_address',
      reason: 'address',
    });
  });
});

describe('a server that knows TLS 1.0 alone', () => {
  async function serveOld(): Promise<number> {
    const server = createServer({ ...certificate, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n${socket.getProtocol()}`));
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    closing.push(() => server.close());
    return (server.address() as { port: number }).port;
  }
  const closing: (() => unknown)[] = [];
  afterEach(() => closing.splice(0).forEach((close) => close()));

  it('is not spoken to', async () => {
    expect(await failure(openTo(await serveOld()))).toMatchObject({ code: 'unreachable', reason: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
  });

  it('is, where the operator named exactly this host; its certificate is verified all the same', async () => {
    const port = await serveOld();
    expect(await (await (await openTo(port, { oldTlsHosts: ['Mail.example'] })).fetch('/')).text()).toBe('TLSv1');
    expect((await failure(openTo(port, { oldTlsHosts: ['other.example'] }))).code).toBe('unreachable');
    expect(await failure(openTo(port, { oldTlsHosts: ['mail.example'], ca: undefined }))).toMatchObject({ code: 'untrusted_certificate' });
  });
});
