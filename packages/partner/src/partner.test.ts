import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSession, PartnerError, readSession, redeemReceipt } from './index.ts';

/** What the backend was asked. */
interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answer = (response: ServerResponse) => void;

const SECRET = 'the-clients-own-secret';
const RECEIPT = 'the-receipt-of-a-person';

let server: Server;
let asked: Asked[];
let answer: Answer;
let credentials: { issuer: string; clientId: string; clientSecret: string };

const json =
  (status: number, body: unknown): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      asked.push({ method: request.method, url: request.url, headers: request.headers, body });
      answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  credentials = { issuer: `http://127.0.0.1:${port}/calendar/`, clientId: 'app_1', clientSecret: SECRET };
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function failureOf(promise: Promise<unknown>): Promise<PartnerError> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof PartnerError)) throw new Error('expected a PartnerError', { cause: error });
  return error;
}

const TOKENS = {
  token_type: 'bearer',
  access_token: 'acc',
  expires_in: 3600,
  refresh_token: 'ref',
  scope: 'free_busy_write',
  account_id: 'acc_1',
  sub: 'acc_1',
  linking_profile: {
    provider_name: 'google_free_busy',
    provider_service: 'gsuite',
    profile_id: 'pro_1',
    profile_name: 'amira@partner.example',
  },
};

describe('createSession', () => {
  it('mints below the path that the backend is mounted under, with the secret in Basic and nowhere else', async () => {
    answer = json(201, { id: 'ses_1', session: 'ses_1.secret', expires_in: 3600, state: 'created' });
    const session = await createSession({ ...credentials, endUser: { id: 'user-42', name: 'Amira' }, accessModes: ['free_busy'] });
    expect(session).toEqual({ id: 'ses_1', session: 'ses_1.secret', expiresInSeconds: 3600 });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ method: 'POST', url: '/calendar/connect/sessions' });
    expect(asked[0]?.headers.authorization).toBe(`Basic ${btoa(`app_1:${SECRET}`)}`);
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ end_user: { id: 'user-42', name: 'Amira' }, access_modes: ['free_busy'] });
  });

  it('names the connection that is to change', async () => {
    answer = json(201, { id: 'ses_1', session: 'ses_1.secret', expires_in: 3600 });
    await createSession({ ...credentials, endUser: { id: 'user-42' }, profileId: 'pro_1' });
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({ end_user: { id: 'user-42' }, profile_id: 'pro_1' });
  });

  it('encodes what would break the two halves of Basic apart', async () => {
    answer = json(201, { id: 'ses_1', session: 'ses_1.secret', expires_in: 3600 });
    await createSession({ ...credentials, clientId: 'a:b', clientSecret: 'c%d', endUser: { id: 'user-42' } });
    expect(asked[0]?.headers.authorization).toBe(`Basic ${btoa('a%3Ab:c%25d')}`);
  });

  it('sends nothing where an option is missing', async () => {
    const noSecret = await failureOf(createSession({ ...credentials, clientSecret: '', endUser: { id: 'user-42' } }));
    const noPerson = await failureOf(createSession({ ...credentials, endUser: { id: '' } }));
    const noIssuer = await failureOf(createSession({ ...credentials, issuer: 'connect.partner.example', endUser: { id: 'user-42' } }));
    expect([noSecret.code, noPerson.code, noIssuer.code]).toEqual(['option_invalid', 'option_invalid', 'option_invalid']);
    expect(asked).toEqual([]);
  });
});

describe('redeemReceipt', () => {
  it('gives tokens and the profile that was connected', async () => {
    answer = json(200, TOKENS);
    expect(await redeemReceipt({ ...credentials, receipt: RECEIPT })).toEqual({
      accountId: 'acc_1',
      accessToken: 'acc',
      expiresInSeconds: 3600,
      refreshToken: 'ref',
      scope: 'free_busy_write',
      profile: {
        id: 'pro_1',
        name: 'amira@partner.example',
        provider: 'google',
        accessMode: 'free_busy',
        providerName: 'google_free_busy',
        providerService: 'gsuite',
      },
    });
    expect(asked[0]).toMatchObject({
      url: '/calendar/oauth/token',
      headers: { 'content-type': expect.stringContaining('form-urlencoded') },
    });
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: 'authorization_code',
      code: RECEIPT,
      client_id: 'app_1',
      client_secret: SECRET,
    });
  });

  it('says invalid_grant for a receipt that is used, old or unknown', async () => {
    answer = json(400, { error: 'invalid_grant', error_description: 'code: unknown' });
    expect(await failureOf(redeemReceipt({ ...credentials, receipt: RECEIPT }))).toMatchObject({ code: 'invalid_grant', status: 400 });
  });

  it('has no secret in an error, even where something on the way repeats it', async () => {
    answer = json(400, { error: 'invalid_request', error_description: `no ${SECRET} and no ${RECEIPT}` });
    const error = await failureOf(redeemReceipt({ ...credentials, receipt: RECEIPT }));
    expect(error).toMatchObject({ code: 'refused', message: 'invalid_request: no … and no …' });
  });

  it('names the member that is not as expected, and never its value', async () => {
    answer = json(200, { ...TOKENS, expires_in: 'soon' });
    const error = await failureOf(redeemReceipt({ ...credentials, receipt: RECEIPT }));
    expect(error).toMatchObject({ code: 'unexpected_answer', message: 'expires_in: expected a number' });
  });
});

describe('readSession', () => {
  it('tells whose session it is and what became of it', async () => {
    answer = json(200, {
      id: 'ses_1',
      state: 'connected',
      version: 3,
      provider: 'google',
      access_mode: 'full',
      account_id: 'acc_1',
      profile_id: 'pro_1',
      end_user: { id: 'user-42' },
    });
    expect(await readSession({ ...credentials, id: 'ses_1' })).toMatchObject({
      state: 'connected',
      accessMode: 'full',
      accountId: 'acc_1',
      endUser: { id: 'user-42' },
    });
    expect(asked[0]).toMatchObject({ method: 'GET', url: '/calendar/connect/sessions/ses_1' });
  });

  it('tells why a session failed', async () => {
    answer = json(200, { id: 'ses_1', state: 'failed', version: 3, reason: 'scopes_missing', missing_scopes: ['calendar'] });
    const session = await readSession({ ...credentials, id: 'ses_1' });
    expect(session).toMatchObject({ state: 'failed', reason: 'scopes_missing', missingScopes: ['calendar'], accountId: undefined });
  });

  it('passes on states, reasons and access modes that a newer backend has added', async () => {
    answer = json(200, { id: 'ses_1', state: 'on_hold', version: 3, reason: 'moon_phase', access_mode: 'titles_only' });
    const session = await readSession({ ...credentials, id: 'ses_1' });
    expect(session).toMatchObject({ state: 'on_hold', reason: 'moon_phase', accessMode: 'titles_only' });
  });

  it('does not let an id become another address', async () => {
    answer = json(404, { error: 'session_not_found', error_description: 'no such session' });
    expect((await failureOf(readSession({ ...credentials, id: '../oauth/token' }))).code).toBe('session_not_found');
    expect(asked[0]?.url).toBe('/calendar/connect/sessions/..%2Foauth%2Ftoken');
  });
});

describe('every question', () => {
  const read = (changes: object = {}) => failureOf(readSession({ ...credentials, id: 'ses_1', ...changes }));

  it('says invalid_client for a wrong secret', async () => {
    answer = json(401, { error: 'invalid_client', error_description: 'client_id, client_secret: expected those of an application' });
    expect(await read()).toMatchObject({ code: 'invalid_client', status: 401 });
  });

  it('gives up in time', async () => {
    answer = (response) => void response.writeHead(200).write('{');
    expect((await read({ timeoutMs: 50 })).code).toBe('timeout');
  });

  it('says unreachable where nobody answers, and keeps the cause', async () => {
    const error = await read({ issuer: 'http://127.0.0.1:1' });
    expect(error.code).toBe('unreachable');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('takes the secret to no other address than the one it was told', async () => {
    answer = (response) => void response.writeHead(307, { location: `${credentials.issuer}elsewhere` }).end();
    expect((await read()).code).toBe('unexpected_answer');
    expect(asked).toHaveLength(1);
  });

  it('tells a backend in trouble from one that is not there', async () => {
    answer = json(503, { error: 'server_error', error_description: 'The database is busy.' });
    expect(await read()).toMatchObject({ code: 'unavailable', status: 503 });
    answer = (response) => void response.writeHead(502).end('<h1>Bad gateway</h1>');
    expect(await read()).toMatchObject({ code: 'unavailable', status: 502 });
    answer = (response) => void response.writeHead(200).end('<h1>Welcome</h1>');
    expect((await read()).code).toBe('unexpected_answer');
  });

  it('can be sent by a fetch of your own', async () => {
    const session = await readSession({ ...credentials, id: 'ses_1', fetch: async () => Response.json({ id: 'ses_1', state: 'created' }) });
    expect(session.state).toBe('created');
    expect(asked).toEqual([]);
  });
});
