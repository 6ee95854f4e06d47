import { describe, expect, it, vi } from 'vitest';
import { exchangeHandler, type ExchangeFailure, PartnerError } from '../src/index.ts';
import { ENDPOINT, exchangeRequest, readExchange, SITE } from './partner-world.ts';

const VERIFIER = 'a-verifier-of-forty-three-characters-or-more';
const GOOD = { code: 'a-code-of-nobody', code_verifier: VERIFIER };
const TOKENS = {
  token_type: 'bearer',
  access_token: 'the-access-token',
  expires_in: 3600,
  refresh_token: 'the-refresh-token',
  scope: 'read_write',
  account_id: 'acc_6600aa11bb22cc33dd44ee55',
  sub: 'acc_6600aa11bb22cc33dd44ee55',
  linking_profile: { provider_name: 'google', profile_id: 'pro_Zq3n8dKfW2', profile_name: 'amira@partner.example' },
};

/** A partner's server whose backend answers with what a test wants. */
function partnerBefore(backend: (request: Request) => Response | Promise<Response>) {
  const asked: Request[] = [];
  const failures: ExchangeFailure[] = [];
  const onTokens = vi.fn<(connected: { tokens: object }) => void>();
  const handler = exchangeHandler({
    issuer: 'https://app.cronofy.example',
    clientId: 'app_1',
    clientSecret: 'the-client-secret',
    timeoutMs: 100,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      asked.push(request.clone());
      return backend(request);
    },
    user: () => 'user-42',
    onTokens,
    onError: (failure) => void failures.push(failure),
  });
  return { handler, asked, failures, onTokens };
}

/** As `fetch` gives it where the connection is lost in the middle. */
function cutBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode('{"access'));
      controller.error(new TypeError('terminated'));
    },
  });
}

const neverAsked = () => {
  throw new Error('the backend was asked');
};

describe('what is no exchange', () => {
  it.each([
    ['GET', new Request(ENDPOINT), 405, 'expected POST, received GET'],
    ['OPTIONS', new Request(ENDPOINT, { method: 'OPTIONS', headers: { origin: SITE } }), 405, 'expected POST, received OPTIONS'],
    [
      'a form',
      exchangeRequest('code=x', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'Content-Type: expected application/json',
    ],
    [
      'plain text',
      exchangeRequest(GOOD, { 'content-type': 'text/plain;charset=application/json' }),
      415,
      'Content-Type: expected application/json',
    ],
    ['no type', exchangeRequest(new TextDecoder().decode(), { 'content-type': '' }), 415, 'Content-Type: expected application/json'],
    ['no JSON', exchangeRequest('code=x'), 400, 'the body: expected a JSON object'],
    ['nothing', exchangeRequest(''), 400, 'the body: expected a JSON object'],
    ['a list', exchangeRequest([GOOD]), 400, 'the body: expected a JSON object'],
    ['a long text', exchangeRequest({ ...GOOD, more: 'x'.repeat(20_000) }), 413, 'the body: expected at most 16384 bytes'],
    ['no code', exchangeRequest({ code_verifier: VERIFIER }), 400, 'code: expected'],
    [
      'a code that is no text',
      exchangeRequest({ ...GOOD, code: { toString: 'x' } }),
      400,
      'code: expected 1 to 4096 printable ASCII characters',
    ],
    ['a code with a line break', exchangeRequest({ ...GOOD, code: 'x\r\ny' }), 400, 'code: expected 1 to 4096 printable ASCII characters'],
    [
      'a short verifier',
      exchangeRequest({ ...GOOD, code_verifier: 'short' }),
      400,
      'code_verifier: expected 43 to 128 of the characters A-Z a-z 0-9 - . _ ~',
    ],
    [
      'a verifier of other characters',
      exchangeRequest({ ...GOOD, code_verifier: '='.repeat(43) }),
      400,
      'code_verifier: expected 43 to 128 of the characters A-Z a-z 0-9 - . _ ~',
    ],
    ['a state that is no text', exchangeRequest({ ...GOOD, state: 1 }), 400, 'state: expected 1 to 4096 printable ASCII characters'],
  ])('is %s', async (_, request, status, description) => {
    const { handler, failures } = partnerBefore(neverAsked);
    const answer = await readExchange(await handler(request));
    expect([answer.status, answer.body]).toEqual([status, { error: 'invalid_request', error_description: description }]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(failures).toEqual([]);
  });

  it('names POST as the way', async () => {
    expect((await partnerBefore(neverAsked).handler(new Request(ENDPOINT))).headers.get('allow')).toBe('POST');
  });

  it('is a body without end, which is not read to its end', async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => void (controller.enqueue(new Uint8Array(1024)), (sent += 1024)) });
    const headers = { origin: SITE, 'content-type': 'application/json' };
    const request = new Request(ENDPOINT, { method: 'POST', headers, body, duplex: 'half' });
    expect((await partnerBefore(neverAsked).handler(request)).status).toBe(413);
    expect(sent).toBeLessThan(64 * 1024);
  });

  it('is a body that somebody has read before', async () => {
    const request = exchangeRequest(GOOD);
    await request.text();
    const { body, status } = await readExchange(await partnerBefore(neverAsked).handler(request));
    expect([status, body.error_description]).toEqual([400, 'the body: expected JSON in UTF-8, not read by anybody before']);
  });
});

describe('the backend’s answer', () => {
  it('may be Cronofy’s, which names no provider service; credentials are sent as every backend of that API takes them', async () => {
    const { handler, asked, onTokens } = partnerBefore(() => Response.json(TOKENS));
    const { status, body, text } = await readExchange(await handler(exchangeRequest(GOOD)));
    expect([status, body]).toEqual([
      200,
      {
        account_id: TOKENS.account_id,
        profile_id: 'pro_Zq3n8dKfW2',
        provider: 'google',
        access_mode: 'full',
        name: 'amira@partner.example',
      },
    ]);
    expect(text).not.toMatch(/the-access-token|the-refresh-token/);
    expect(onTokens.mock.lastCall?.[0].tokens).toMatchObject({
      refreshToken: 'the-refresh-token',
      profile: { providerService: undefined },
    });
    const [request] = asked;
    expect([request?.url, request?.headers.get('authorization')]).toEqual(['https://app.cronofy.example/oauth/token', null]);
    expect(Object.fromEntries(new URLSearchParams(await request?.text()))).toEqual({
      grant_type: 'authorization_code',
      ...GOOD,
      client_id: 'app_1',
      client_secret: 'the-client-secret',
    });
  });

  it.each([
    ['google_free_busy', 'google', 'free_busy'],
    ['cronofy', 'cronofy', 'no_access'],
    ['office365', 'office365', 'full'],
  ])('of a profile of %s is told as %s, %s', async (provider_name, provider, access_mode) => {
    const answer = { ...TOKENS, linking_profile: { ...TOKENS.linking_profile, provider_name } };
    const { body } = await readExchange(await partnerBefore(() => Response.json(answer)).handler(exchangeRequest(GOOD)));
    expect(body).toMatchObject({ provider, access_mode });
  });

  it.each([
    [
      'is busy',
      () => Response.json({ error: 'server_error' }, { status: 503, headers: { 'retry-after': '7' } }),
      [503, '7', 'unavailable'],
    ],
    ['has had enough', () => Response.json({ error: 'slow_down' }, { status: 429 }), [503, '1', 'unavailable']],
    ['is behind a broken proxy', () => new Response('<h1>Bad gateway</h1>', { status: 502 }), [503, '1', 'unavailable']],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')), [503, '1', 'unreachable']],
    ['never comes', () => new Promise<Response>(() => undefined), [503, '1', 'timeout']],
    ['breaks off', () => new Response(cutBody()), [503, '1', 'unreachable']],
    ['is no text', () => new Response(new Uint8Array([0xff, 0xfe])), [502, null, 'unexpected_answer']],
    ['is a web page', () => new Response('<h1>Welcome</h1>'), [502, null, 'unexpected_answer']],
    ['has no end', () => new Response('x'.repeat(300_000)), [502, null, 'unexpected_answer']],
    ['leads elsewhere', () => Response.redirect('https://evil.example/token', 307), [502, null, 'unexpected_answer']],
    ['lacks the profile', () => Response.json({ ...TOKENS, linking_profile: undefined }), [502, null, 'unexpected_answer']],
    ['is a complaint', () => Response.json({ error: 'unsupported_grant_type' }, { status: 400 }), [500, null, 'refused']],
  ])('that %s is not the page’s fault', async (_, answer, [status, retryAfter, code]) => {
    const { handler, failures, asked, onTokens } = partnerBefore((request) => untilAborted(answer(), request.signal));
    const response = await readExchange(await handler(exchangeRequest(GOOD)));
    expect([response.status, response.headers.get('retry-after'), response.body.error]).toEqual([status, retryAfter, 'server_error']);
    expect(failures.map(({ error }) => error.code)).toEqual([code]);
    expect(failures[0]?.error).toBeInstanceOf(PartnerError);
    expect([asked.length, onTokens.mock.calls]).toEqual([1, []]);
  });

  it('never brings a secret into an error', async () => {
    const echo = () =>
      Response.json({ error: 'invalid_request', error_description: `no ${GOOD.code} ${VERIFIER} the-client-secret` }, { status: 400 });
    const { handler, failures } = partnerBefore(echo);
    const { text } = await readExchange(await handler(exchangeRequest(GOOD)));
    expect(failures[0]?.error.message).toBe('invalid_request: no … … …');
    expect(text).not.toMatch(/a-code-of-nobody|forty-three|the-client-secret/);
  });
});

/** As the platform's own `fetch` does. */
function untilAborted(answer: Response | Promise<Response>, signal: AbortSignal): Promise<Response> {
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  return Promise.race([answer, aborted]);
}
