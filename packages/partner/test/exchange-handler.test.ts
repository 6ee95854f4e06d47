import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPage } from '../../backend/test/support/partner-page.ts';
import { goThroughGoogle } from '../../backend/test/support/consent.ts';
import { createPartnerServer } from '../../backend/test/support/partner-server.ts';
import { AMIRA, CALLBACK, createWorld, type World } from '../../backend/test/support/world.ts';
import { type Authorization, createAuthorization, exchangeHandler, PartnerError } from '../src/index.ts';
import { connectByElement, exchangeRequest, networkTo, openPartner, readExchange, SITE, type User } from './partner-world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

describe('the code of the element', () => {
  it('gives the tokens to the server and the summary to the page', async () => {
    const { handler, kept, failures } = openPartner(world);
    const { session, code } = await connectByElement(world);
    const { status, headers, body, text } = await readExchange(await handler(exchangeRequest({ code, code_verifier: session.verifier })));
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    const [connected] = kept;
    expect(body).toEqual({
      account_id: connected?.tokens.accountId,
      profile_id: connected?.tokens.profile.id,
      provider: 'google',
      access_mode: 'free_busy',
      name: AMIRA,
    });
    expect([kept.length, connected?.user, failures]).toEqual([1, { id: 'user-42' }, []]);
    const { accessToken = '', refreshToken = '' } = connected?.tokens ?? {};
    const server = createPartnerServer(world);
    expect((await server.userinfo(accessToken)).body.sub).toBe(body.account_id);
    expect((await server.refresh(refreshToken)).status).toBe(200);
    for (const secret of [accessToken, refreshToken, world.application.clientSecret]) expect(text).not.toContain(secret);
  });

  it('is told by the session’s status afterwards, as for every code', async () => {
    const { handler } = openPartner(world);
    const { session, code } = await connectByElement(world);
    const { body } = await readExchange(await handler(exchangeRequest({ code, code_verifier: session.verifier })));
    expect((await createPartnerServer(world).session(session.id)).body).toMatchObject({ state: 'connected', account_id: body.account_id });
    expect((await session.poll()).code).toBeUndefined();
  });

  it.each([undefined, `${SITE}/settings?tab=2#people/4`])(
    'comes back to the page itself where no window opens; named as %s',
    async (redirect_uri) => {
      const { handler } = openPartner(world);
      const session = await openPage(world).mint({ return_path: '/settings?tab=2#people/4', state: 'state-of-the-element' });
      const { searchParams } = (await session.connect()).url;
      const body = { code: searchParams.get('code'), code_verifier: session.verifier, redirect_uri };
      expect((await handler(exchangeRequest(body))).status).toBe(200);
    },
  );

  it('is redeemed once', async () => {
    const { handler, kept } = openPartner(world);
    const { session, code } = await connectByElement(world);
    const send = async () => readExchange(await handler(exchangeRequest({ code, code_verifier: session.verifier })));
    expect((await send()).status).toBe(200);
    expect(await send()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(kept).toHaveLength(1);
  });

  it('is refused with another’s verifier, and without one (C04, C07)', async () => {
    const { handler, kept, failures } = openPartner(world);
    const [attackers, victims] = [await connectByElement(world), await connectByElement(world)];
    const mixed = await readExchange(await handler(exchangeRequest({ code: attackers.code, code_verifier: victims.session.verifier })));
    expect(mixed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const alone = await readExchange(await handler(exchangeRequest({ code: attackers.code })));
    expect(alone).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: 'code_verifier: expected, as the element sends it' },
    });
    expect([kept, failures]).toEqual([[], []]);
  });

  it('of another application is refused (C08)', async () => {
    const other = await world.register({ name: 'Other' });
    const { handler, kept } = openPartner(world, {}, other);
    const { session, code } = await connectByElement(world);
    const answer = await readExchange(await handler(exchangeRequest({ code, code_verifier: session.verifier })));
    expect([answer.status, answer.body.error, kept]).toEqual([400, 'invalid_grant', []]);
  });

  it('is refused where the page’s element names another application than the server’s options', async () => {
    const { handler, asked } = openPartner(world);
    const { session, code } = await connectByElement(world);
    const answer = await readExchange(await handler(exchangeRequest({ code, code_verifier: session.verifier, client_id: 'app_other' })));
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: expect.stringMatching(/^client_id: /) },
    });
    const { clientId } = world.application;
    const right = exchangeRequest({ code, code_verifier: session.verifier, client_id: clientId, of_a_newer_element: true });
    expect([asked(), (await handler(right)).status]).toEqual([0, 200]);
  });
});

describe('whoever sends it', () => {
  it('has to be signed in at the partner’s site, and is known by nothing in the body', async () => {
    const { handler, kept, asked } = openPartner(world);
    const { session, code } = await connectByElement(world);
    const body = { code, code_verifier: session.verifier, user: 'user-1' };
    expect(await readExchange(await handler(exchangeRequest(body, { cookie: undefined })))).toMatchObject({
      status: 401,
      body: { error: 'not_signed_in' },
    });
    expect(asked()).toBe(0);
    expect((await handler(exchangeRequest(body, { cookie: 'session=user-7' }))).status).toBe(200);
    expect(kept.map(({ user }) => user.id)).toEqual(['user-7']);
  });

  it.each([
    ['the page of another site', 'https://evil.example'],
    ['a page of nobody’s', 'null'],
    ['a page that is not asked for an origin', undefined],
    ['another port', `${SITE}:8443`],
    ['plain http', 'http://app.partner.example'],
  ])('is not %s', async (_, origin) => {
    const { handler, asked } = openPartner(world);
    const { session, code } = await connectByElement(world);
    const answer = await readExchange(await handler(exchangeRequest({ code, code_verifier: session.verifier }, { origin })));
    expect([answer.status, answer.body.error, asked()]).toEqual([403, 'origin_not_registered', 0]);
  });

  it('may be a page of `origins`, which a server behind a TLS proxy needs and is told of', async () => {
    const behindProxy = 'http://app.partner.example/calendar/exchange';
    const { session, code } = await connectByElement(world);
    const body = { code, code_verifier: session.verifier };
    const { body: refusal } = await readExchange(await openPartner(world).handler(exchangeRequest(body, {}, behindProxy)));
    expect(refusal.error_description).toBe(
      'Origin: expected http://app.partner.example, the origin of this endpoint as it sees itself. Behind a TLS proxy, set the option origins',
    );
    const { handler } = openPartner(world, { origins: [SITE] });
    expect((await handler(exchangeRequest(body, {}, behindProxy))).status).toBe(200);
  });
});

describe('the code of /oauth/authorize', () => {
  /** Goes from the authorization's address to the partner's callback, whose page would send this. */
  async function cameBackWith({ url }: Pick<Authorization, 'url'>): Promise<{ code: string; state: string; redirect_uri: string }> {
    const browser = world.browser();
    const chooser = await browser.visit(url);
    const onward = await browser.submit(chooser, { press: 'Continue', choose: { provider: 'google', access_mode: 'full' } });
    const { searchParams } = (await goThroughGoogle(browser, onward)).url;
    return { code: searchParams.get('code') ?? '', state: searchParams.get('state') ?? '', redirect_uri: CALLBACK };
  }

  const authorize = () =>
    createAuthorization({ issuer: world.publicUrl, clientId: world.application.clientId, redirectUri: CALLBACK, scope: 'free_busy_write' });

  it('is redeemed with what the server kept for this browser, which the page never sees', async () => {
    const kept = await authorize();
    const partner = openPartner(world, { authorization: () => kept });
    const answer = await readExchange(await partner.handler(exchangeRequest(await cameBackWith(kept))));
    expect(answer).toMatchObject({ status: 200, body: { access_mode: 'full', name: AMIRA } });
    expect(partner.kept).toHaveLength(1);
  });

  it('is refused with the state of another browser, which stops a link with somebody else’s code (G02)', async () => {
    const [attackers, victims] = [await authorize(), await authorize()];
    const link = await cameBackWith(attackers);
    for (const authorization of [() => victims, () => undefined]) {
      const { handler, asked } = openPartner(world, { authorization });
      expect(await readExchange(await handler(exchangeRequest(link)))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
      expect(asked()).toBe(0);
    }
  });

  it('is refused where it was stolen and put into an authorization of the thief’s own (C07)', async () => {
    const [thiefs, victims] = [await authorize(), await authorize()];
    const { code } = await cameBackWith(victims);
    const { handler, kept } = openPartner(world, { authorization: () => thiefs });
    const answer = await readExchange(await handler(exchangeRequest({ code, state: thiefs.state, redirect_uri: CALLBACK })));
    expect([answer.status, answer.body.error, kept]).toEqual([400, 'invalid_grant', []]);
  });

  it('needs a state and a redirect URI, and is refused where the server keeps neither', async () => {
    const kept = await authorize();
    const { state, ...rest } = await cameBackWith(kept);
    const descriptions = [];
    for (const body of [rest, { code: rest.code, state }]) {
      const { handler } = openPartner(world, { authorization: () => kept });
      descriptions.push((await readExchange(await handler(exchangeRequest(body)))).body.error_description);
    }
    const { handler } = openPartner(world);
    descriptions.push((await readExchange(await handler(exchangeRequest({ ...rest, state })))).body.error_description);
    expect(descriptions).toEqual([
      'state: expected, because there is no code_verifier',
      'redirect_uri: expected, because there is no code_verifier',
      'code_verifier: expected, as the element sends it',
    ]);
  });

  it('is redeemed with the page’s own verifier, where the page went to the provider itself', async () => {
    const kept = await authorize();
    const { code, redirect_uri } = await cameBackWith(kept);
    const { handler } = openPartner(world);
    const answer = await handler(exchangeRequest({ code, redirect_uri, code_verifier: kept.codeVerifier }));
    expect(answer.status).toBe(200);
  });

  it.each([
    ['another site', 'https://evil.example/callback', undefined],
    ['no address', '/calendar/callback', undefined],
    ['an address of this site that is not on the list', `${SITE}/elsewhere`, [CALLBACK]],
    ['an address that only begins like one on the list', `${CALLBACK}/..`, [CALLBACK]],
  ])('is not redeemed for a redirect URI that is %s', async (_, redirect_uri, redirectUris) => {
    const { handler, asked } = openPartner(world, { redirectUris });
    const answer = await readExchange(await handler(exchangeRequest({ code: 'a-code', code_verifier: 'v'.repeat(43), redirect_uri })));
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: expect.stringMatching(/^redirect_uri: /) },
    });
    expect(asked()).toBe(0);
  });
});

describe('what goes wrong on the server', () => {
  it('is told to onError and to the page where the tokens could not be kept, and connecting again brings them', async () => {
    const onTokens = vi.fn<(connected: { tokens: { accountId: string } }) => void>(() => {
      throw new Error('disk full: could not write ref_secret');
    });
    const { handler, failures } = openPartner(world, { onTokens });
    const first = await connectByElement(world);
    const answer = await readExchange(await handler(exchangeRequest({ code: first.code, code_verifier: first.session.verifier })));
    expect([answer.status, answer.body.error]).toEqual([500, 'tokens_not_kept']);
    expect(answer.text).not.toContain('disk full');
    const [failure] = failures;
    const accountId = onTokens.mock.lastCall?.[0].tokens.accountId;
    expect(failure?.error).toMatchObject({ code: 'tokens_not_kept', message: expect.stringContaining(`account ${accountId}`) });
    expect(failure?.error.cause).toMatchObject({ message: expect.stringContaining('disk full') });
    onTokens.mockReturnValue(undefined);
    const second = await connectByElement(world);
    expect((await handler(exchangeRequest({ code: second.code, code_verifier: second.session.verifier }))).status).toBe(200);
    expect(onTokens.mock.lastCall?.[0].tokens.accountId).toBe(accountId);
  });

  it('is waited for: the page hears of the connection after onTokens has resolved, and of its failure after it was rejected', async () => {
    const written: string[] = [];
    const slowly = () => new Promise<void>((resolve) => setTimeout(() => (written.push('tokens'), resolve()), 20));
    const exchange = async (onTokens: () => Promise<void>) => {
      const { session, code } = await connectByElement(world);
      return openPartner(world, { onTokens }).handler(exchangeRequest({ code, code_verifier: session.verifier }));
    };
    expect([(await exchange(slowly)).status, written]).toEqual([200, ['tokens']]);
    expect((await exchange(() => slowly().then(() => Promise.reject(new Error('disk full'))))).status).toBe(500);
  });

  it('has one line on the console where there is no onError, without what was thrown', async () => {
    const line = vi.spyOn(console, 'error').mockReturnValue();
    const handler = exchangeHandler<User>({
      issuer: world.publicUrl,
      ...world.application,
      fetch: networkTo(world),
      user: () => {
        throw new Error('database password is hunter2');
      },
      onTokens: () => undefined,
    });
    const answer = await readExchange(await handler(exchangeRequest({ code: 'c', code_verifier: 'v'.repeat(43) })));
    expect([answer.status, answer.body.error]).toEqual([500, 'server_error']);
    expect(line.mock.calls).toEqual([['@calendar-connect/partner: user failed; nothing was redeemed (callback_failed)']]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('hunter2');
      },
    ],
    ['rejects', () => Promise.reject(new Error('hunter2'))],
  ])('is answered all the same where onError %s, and is on the console then', async (_, onError) => {
    const line = vi.spyOn(console, 'error').mockReturnValue();
    const handler = exchangeHandler<User>({
      issuer: world.publicUrl,
      ...world.application,
      fetch: networkTo(world),
      user: () => Promise.reject(new Error('no database')),
      onTokens: () => undefined,
      onError,
    });
    expect((await handler(exchangeRequest({ code: 'c', code_verifier: 'v'.repeat(43) }))).status).toBe(500);
    expect(line.mock.calls.flat()).toEqual([
      '@calendar-connect/partner: user failed; nothing was redeemed (callback_failed)',
      '@calendar-connect/partner: onError failed (callback_failed)',
    ]);
  });

  it('is not the page’s to know where the client secret is wrong', async () => {
    const { handler, failures } = openPartner(world, { clientSecret: 'rotated-long-ago' });
    const { session, code } = await connectByElement(world);
    const answer = await readExchange(await handler(exchangeRequest({ code, code_verifier: session.verifier })));
    expect([answer.status, answer.body.error]).toEqual([500, 'server_error']);
    expect(answer.text).not.toMatch(/client|rotated/);
    expect(failures[0]?.error).toMatchObject({ code: 'invalid_client' });
    expect(failures[0]?.error.message).not.toContain('rotated-long-ago');
  });
});

describe('exchangeHandler', () => {
  it('is a route of Hono as it is', async () => {
    const { handler, kept } = openPartner(world);
    const app = new Hono().post('/calendar/exchange', handler).post('/raw', (c) => handler(c.req.raw));
    for (const path of ['/calendar/exchange', '/raw']) {
      const { session, code } = await connectByElement(world);
      const request = exchangeRequest({ code, code_verifier: session.verifier }, {}, `${SITE}${path}`);
      expect((await app.request(request)).status).toBe(200);
    }
    expect(kept).toHaveLength(2);
  });

  it.each([
    [{ issuer: 'http://connect.partner.example' }, 'issuer: expected https, received http://connect.partner.example.'],
    [{ clientSecret: '' }, 'clientSecret: expected a text, received an empty one'],
    [{ user: undefined }, 'user: expected a function, received undefined'],
    [{ onTokens: undefined }, 'onTokens: expected a function, received undefined'],
    [{ origins: ['https://app.partner.example/'] }, 'origins: expected origins such as'],
    [{ redirectUris: ['/callback'] }, 'redirectUris: expected addresses'],
  ])('refuses %j at once', (changes, message) => {
    // What a caller without types may do.
    const make = () => openPartner(world, changes as object);
    expect(make).toThrow(PartnerError);
    expect(make).toThrow(message);
  });

  it('sends the secret over plain http within this computer, and elsewhere only where it is told so', () => {
    for (const issuer of [
      'http://localhost:8787',
      'http://connect.localhost:8787',
      'http://127.0.0.1:8787',
      'http://[::1]:8787/calendar',
    ]) {
      expect(() => openPartner(world, { issuer })).not.toThrow();
    }
    for (const issuer of ['http://localhost.evil.example', 'http://128.0.0.1', 'http://127.0.0.1.evil.example']) {
      expect(() => openPartner(world, { issuer })).toThrow('expected https');
    }
    expect(() => openPartner(world, { issuer: 'http://calendar:8787', allowPlainHttp: true })).not.toThrow();
  });
});
