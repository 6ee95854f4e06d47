import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createCalendarConnect } from '../../src/index.ts';
import { authorizedCode, createPartnerServer, type PartnerServer, type TokenBody } from '../support/partner-server.ts';
import { CALLBACK, createWorld, KEYS, type World } from '../support/world.ts';
import { type CountedWork, countWork } from './counted-work.ts';

let world: World;
let server: PartnerServer;
let tokens: TokenBody;

beforeAll(async () => {
  world = await createWorld({ database: 'file' });
  server = createPartnerServer(world);
  tokens = (await server.redeem(await authorizedCode(world), { redirect_uri: CALLBACK })).body;
});
afterAll(() => world.close());

interface Told {
  readonly status: number;
  readonly challenge: string | null;
  readonly body: string;
}

async function ask(init: RequestInit, query = ''): Promise<Told> {
  const answer = await world.request(`/v1/userinfo${query}`, init);
  return { status: answer.status, challenge: answer.headers.get('www-authenticate'), body: await answer.text() };
}

function askWith(authorization: string): Promise<Told> {
  return ask({ headers: { authorization } });
}

const UNREAD: Told = { status: 401, challenge: 'Bearer', body: '' };
const INVALID: Told = { status: 401, challenge: 'Bearer error="invalid_token"', body: '' };

describe('an access token', () => {
  it.each(['access_token', 'token', 'authorization', 'et'])('E12: is not taken from the address, as %s', async (name) => {
    const { status, body } = await ask({}, `?${new URLSearchParams({ [name]: tokens.access_token }).toString()}`);
    expect([status, body]).toEqual([401, '']);
  });

  it('E12: is taken neither from a form nor from a cookie', async () => {
    const form = new URLSearchParams({ access_token: tokens.access_token });
    expect((await ask({ method: 'POST', body: form })).status).toBe(404);
    expect(await ask({ headers: { cookie: `access_token=${tokens.access_token}; Authorization=Bearer ${tokens.access_token}` } })).toEqual(
      UNREAD,
    );
  });

  it.each<[string, (tokens: TokenBody) => string]>([
    ['is nonsense', () => 'nonsense'],
    ['is the refresh token', ({ refresh_token }) => refresh_token],
    ['is cut short', ({ access_token }) => access_token.slice(0, -1)],
    ['has a character more', ({ access_token }) => `${access_token}A`],
    ['has another secret', ({ access_token }) => `${access_token.slice(0, 16)}${'A'.repeat(43)}`],
    ['has the secret of the refresh token', ({ access_token, refresh_token }) => access_token.slice(0, 16) + refresh_token.slice(16)],
    ['is in capitals', ({ access_token }) => access_token.toUpperCase()],
    ['is padded', ({ access_token }) => `${access_token}==`],
    ['is of no row', () => 'A'.repeat(59)],
    ['is the account', ({ sub }) => sub.replace('_', '-')],
  ])('E13: that %s is an invalid_token, and says so in the header only', async (_what, change) => {
    expect(await askWith(`Bearer ${change(tokens)}`)).toEqual(INVALID);
  });

  it('E13: that was revoked, or is of another installation, is an invalid_token', async () => {
    const elsewhere = await createWorld();
    try {
      const there = createPartnerServer(elsewhere);
      const theirs = (await there.redeem(await authorizedCode(elsewhere), { redirect_uri: CALLBACK })).body;
      expect(await askWith(`Bearer ${theirs.access_token}`)).toEqual(INVALID);
      await there.revoke({ token: theirs.access_token });
      const { status, headers } = await there.userinfo(theirs.access_token);
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
    } finally {
      await elsewhere.close();
    }
  });

  it.each(['bearer', 'BEARER', 'Bearer', 'bEaReR'])('E14: is read behind %s', async (scheme) => {
    expect((await askWith(`${scheme} ${tokens.access_token}`)).status).toBe(200);
  });

  it.each<[string, string]>([
    ['two blanks', 'Bearer  TOKEN'],
    ['a tab', 'Bearer\tTOKEN'],
    ['a colon', 'Bearer: TOKEN'],
    ['an equals sign', 'Bearer token=TOKEN'],
    ['quotation marks', 'Bearer "TOKEN"'],
    ['a comma', 'Bearer TOKEN,'],
    ['another one', 'Bearer TOKEN TOKEN'],
    ['nothing', 'Bearer '],
    ['another scheme', 'Token TOKEN'],
    ['no scheme', 'TOKEN'],
  ])('E14: is not read with %s around it', async (_what, header) => {
    expect(await askWith(header.replaceAll('TOKEN', tokens.access_token))).toEqual(UNREAD);
  });

  it('E13: that has expired is an invalid_token, on the dot', async () => {
    const { body } = await server.refresh(tokens.refresh_token);
    world.clock.pass({ minutes: 59, seconds: 59, ms: 999 });
    expect((await askWith(`Bearer ${body.access_token}`)).status).toBe(200);
    world.clock.pass({ ms: 1 });
    expect(await askWith(`Bearer ${body.access_token}`)).toEqual(INVALID);
  });
});

describe('the work behind a refusal', () => {
  let counted: CountedWork;
  afterEach(() => counted.restore());

  const guess = (token: string) => `${token.slice(0, 16)}${'A'.repeat(43)}`;
  const nobodys = 'B'.repeat(16) + 'A'.repeat(43);

  it('E15: is the same for a token of a row that exists as for one of a row that does not', async () => {
    counted = countWork(world.database.open());
    const connect = await createCalendarConnect({
      publicUrl: world.publicUrl,
      database: counted.engine,
      keys: KEYS,
      providers: [],
      log: () => undefined,
      now: world.clock.now,
    });
    const { clientId: client_id, clientSecret: client_secret } = world.application;
    const code = await authorizedCode(world);
    const workOf = (path: string, init: RequestInit) => counted.of(async () => void (await connect.app.request(path, init)));
    const post = (path: string, fields: object) =>
      workOf(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_id, client_secret, ...fields }),
      });
    const ways: readonly ((token: string) => Promise<unknown>)[] = [
      (token) => workOf('/v1/userinfo', { headers: { authorization: `Bearer ${token}` } }),
      (token) => post('/oauth/token', { grant_type: 'refresh_token', refresh_token: token }),
      (token) => post('/oauth/token/revoke', { token }),
      (token) => post('/oauth/token', { grant_type: 'authorization_code', code: token, redirect_uri: CALLBACK }),
    ];
    for (const way of ways) {
      const miss = await way(nobodys);
      expect(miss).toMatchObject({ questions: expect.any(Number) });
      for (const known of [tokens.access_token, tokens.refresh_token, code]) expect(await way(guess(known))).toEqual(miss);
    }
    await connect.close();
  });
});
