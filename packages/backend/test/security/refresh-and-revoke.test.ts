import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CalendarConnect, createCalendarConnect } from '../../src/index.ts';
import { authorizedCode, createPartnerServer, type PartnerServer, type TokenBody } from '../support/partner-server.ts';
import { CALLBACK, createWorld, KEYS, type World } from '../support/world.ts';

let world: World;
/** Another backend of the same installation, on the same database. */
let elsewhere: CalendarConnect;
let server: PartnerServer;
let serverElsewhere: PartnerServer;
let tokens: TokenBody;

beforeAll(async () => {
  world = await createWorld({ database: 'file' });
  elsewhere = await createCalendarConnect({
    publicUrl: world.publicUrl,
    database: world.database.open(),
    keys: KEYS,
    providers: [],
    log: () => undefined,
    now: world.clock.now,
  });
  server = createPartnerServer(world);
  serverElsewhere = createPartnerServer({ ...world, request: async (path, init) => elsewhere.app.request(path, init) });
});
afterAll(async () => {
  await elsewhere.close();
  await world.close();
});

beforeEach(async () => {
  tokens = (await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK })).body;
});

async function isAlive(accessToken = tokens.access_token): Promise<boolean> {
  return (await server.userinfo(accessToken)).status === 200;
}

async function expectAllDead(accessTokens: readonly string[]): Promise<void> {
  for (const each of [server, serverElsewhere]) {
    expect((await each.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    for (const token of accessTokens) expect((await each.userinfo(token)).status).toBe(401);
  }
}

describe('the refresh token, which does not rotate', () => {
  it('E01: has one living successor after 40 parallel refreshes at two backends: itself', async () => {
    const servers = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? server : serverElsewhere));
    const answers = await Promise.all(servers.map((each) => each.refresh(tokens.refresh_token)));
    expect(new Set(answers.map(({ body }) => body.refresh_token))).toEqual(new Set([tokens.refresh_token]));
    const accessTokens = answers.map(({ body }) => body.access_token);
    expect(new Set(accessTokens).size).toBe(40);
    expect(await Promise.all([accessTokens[0], accessTokens[1], accessTokens[39]].map((token) => isAlive(token)))).toEqual([
      true,
      true,
      true,
    ]);
    await server.revoke({ token: tokens.refresh_token });
    await expectAllDead([accessTokens[0] ?? '', accessTokens[39] ?? '']);
  });

  it('E02: sent again because the answer was lost gives the same one again, at any time', async () => {
    for (const hours of [0, 1, 24 * 30]) {
      world.clock.pass({ hours });
      expect((await server.refresh(tokens.refresh_token)).body.refresh_token).toBe(tokens.refresh_token);
    }
  });

  it('E03: has no older one whose return would tell of a theft, so that nothing but a revocation kills it', async () => {
    await server.refresh(tokens.refresh_token);
    world.clock.pass({ hours: 1 });
    expect((await server.refresh(tokens.refresh_token)).status).toBe(200);
    await server.revoke({ token: tokens.refresh_token });
    expect((await server.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
  });

  it.each(['the thief first', 'the partner first'])(
    'E04: is of no use to a thief without the client’s secret, %s, and the partner’s goes on',
    async (order) => {
      const thief = createPartnerServer(world, { ...world.application, clientSecret: 'guessed' });
      const turns = order === 'the thief first' ? [thief, server, thief, server] : [server, thief, server, thief];
      for (const each of turns) {
        const { status, body } = await each.refresh(tokens.refresh_token);
        expect([status, body.error]).toEqual(each === thief ? [400, 'invalid_client'] : [200, undefined]);
      }
    },
  );

  it('E05: of one application is refused with another one’s secret, and lives on', async () => {
    const other = createPartnerServer(world, await world.register({ name: 'Other' }));
    expect((await other.refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect((await server.refresh(tokens.refresh_token)).status).toBe(200);
  });

  it.each(['free_busy_write read_events', 'read_write', 'free_busy_write"', 'free_busy_write\nread_events', 'FREE_BUSY_WRITE', 'openid'])(
    'E06: cannot be refreshed into the scope %j',
    async (scope) => {
      const asked = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, scope };
      expect((await server.token(asked)).body.error).toBe('invalid_scope');
      expect((await server.token({ ...asked, scope: 'free_busy_write' })).body.scope).toBe('free_busy_write');
    },
  );

  it('E07: has no end of its own, by age or by idleness; what it gives ends after an hour, however often it is refreshed', async () => {
    world.clock.pass({ hours: 24 * 400 });
    const { status, body } = await server.refresh(tokens.refresh_token);
    expect([status, body.expires_in, await isAlive(body.access_token)]).toEqual([200, 3600, true]);
    world.clock.pass({ minutes: 30 });
    await server.refresh(tokens.refresh_token);
    world.clock.pass({ minutes: 30 });
    expect(await isAlive(body.access_token)).toBe(false);
  });
});

describe('revoking', () => {
  it.each([
    ['the refresh token', () => ({ token: tokens.refresh_token })],
    ['an access token', () => ({ token: tokens.access_token })],
    ['the account', () => ({ sub: tokens.sub })],
    ['refresh_token alone, as one SDK sends it', () => ({ refresh_token: tokens.refresh_token })],
    ['a token with a wrong hint', () => ({ token: tokens.refresh_token, token_type_hint: 'access_token' })],
    ['a token with a hint that nobody knows', () => ({ token: tokens.access_token, token_type_hint: 'unknown' })],
    ['a token that wins over an account', () => ({ token: tokens.refresh_token, sub: 'acc_000000000000000000000000' })],
  ])('E08: by %s ends every token of the authorization', async (_what, fields) => {
    const { body: second } = await server.refresh(tokens.refresh_token);
    const answer = await server.revoke(fields());
    expect([answer.status, answer.body, answer.headers.get('cache-control')]).toEqual([200, undefined, 'no-store']);
    await expectAllDead([tokens.access_token, second.access_token]);
  });

  it.each([
    ['an unknown token', () => ({ token: 'unknown' })],
    ['a token of no row', () => ({ token: 'A'.repeat(59) })],
    ['a token of another secret', () => ({ token: `${tokens.refresh_token.slice(0, 16)}${'A'.repeat(43)}` })],
    ['a token that is cut short', () => ({ token: tokens.refresh_token.slice(0, -1) })],
    ['an unknown account', () => ({ sub: 'acc_000000000000000000000000' })],
    ['a profile', () => ({ sub: tokens.linking_profile.profile_id })],
  ])('E08: by %s changes nothing and is no error', async (_what, fields) => {
    expect((await server.revoke(fields())).status).toBe(200);
    expect(await isAlive()).toBe(true);
  });

  it('E08: by another application has no effect, and is not told apart', async () => {
    const other = createPartnerServer(world, await world.register({ name: 'Other' }));
    for (const fields of [{ token: tokens.refresh_token }, { token: tokens.access_token }, { sub: tokens.sub }]) {
      const { status, body } = await other.revoke(fields);
      expect([status, body]).toEqual([200, undefined]);
    }
    expect(await isAlive()).toBe(true);
    expect((await server.refresh(tokens.refresh_token)).status).toBe(200);
  });

  it('E08: needs the client’s secret, and something to revoke', async () => {
    const forged = createPartnerServer(world, { ...world.application, clientSecret: 'wrong' });
    expect(await forged.revoke({ token: tokens.refresh_token })).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
    expect(await server.revoke({})).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await isAlive()).toBe(true);
  });

  it('E09: at one backend kills every token at another at once, also those that were used there just now', async () => {
    const { body: second } = await serverElsewhere.refresh(tokens.refresh_token);
    const all = [tokens.access_token, second.access_token];
    for (const token of all) expect((await serverElsewhere.userinfo(token)).status).toBe(200);
    await server.revoke({ token: tokens.refresh_token });
    await expectAllDead(all);
  });

  it.each([
    ['before it at the same backend', [0, 0, 'refresh'] as const],
    ['after it at the same backend', [0, 0, 'revoke'] as const],
    ['before it at another backend', [0, 1, 'refresh'] as const],
    ['after it at another backend', [1, 0, 'revoke'] as const],
  ])('E10: during a refresh that began %s leaves no token alive', async (_what, [refreshing, revoking, first]) => {
    const servers = [server, serverElsewhere];
    const refresh = () => (servers[refreshing] ?? server).refresh(tokens.refresh_token);
    const revoke = () => (servers[revoking] ?? server).revoke({ token: tokens.refresh_token });
    const under = first === 'refresh' ? [refresh(), refresh(), revoke()] : [revoke(), refresh(), refresh()];
    const issued = (await Promise.all(under)).flatMap(({ body }) =>
      body !== undefined && 'access_token' in body ? [body.access_token] : [],
    );
    await expectAllDead([tokens.access_token, ...issued]);
  });
});

describe('introspection', () => {
  it('E11: does not exist: no address answers, with or without a secret, and the metadata names none', async () => {
    const { clientId: client_id, clientSecret: client_secret } = world.application;
    for (const fields of [{ token: tokens.access_token }, { token: tokens.access_token, client_id, client_secret }]) {
      for (const path of ['/oauth/introspect', '/oauth/token/introspect', '/introspect']) {
        const body = new URLSearchParams(fields);
        expect((await world.request(path, { method: 'POST', body })).status).toBe(404);
      }
    }
    const metadata: object = await (await world.request('/.well-known/oauth-authorization-server')).json();
    expect(Object.keys(metadata).filter((name) => name.startsWith('introspection'))).toEqual([]);
  });
});
