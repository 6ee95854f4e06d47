import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCalendarConnect } from '../../src/index.ts';
import { openPage, type PageSession, type PartnerPage, readAnswer } from '../support/partner-page.ts';
import { authorizedCode, createPartnerServer, type PartnerServer, type TokenBody } from '../support/partner-server.ts';
import { CALLBACK, createWorld, KEYS, OTHER_CALLBACK, type World } from '../support/world.ts';

const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } };
const REDIRECT = { redirect_uri: CALLBACK };

let world: World;
let page: PartnerPage;
let server: PartnerServer;

beforeAll(async () => {
  world = await createWorld({ database: 'file' });
  page = openPage(world);
  server = createPartnerServer(world);
});
afterAll(() => world.close());

async function connected(): Promise<{ session: PageSession; code: string }> {
  const session = await page.mint();
  await session.connect();
  return { session, code: (await session.poll()).code ?? '' };
}

describe('the redirect URI of an exchange', () => {
  it('B10: is the one of the request: with another one or none a code is refused, and stays usable with the right one', async () => {
    const code = await authorizedCode(world);
    for (const fields of [
      {},
      { redirect_uri: OTHER_CALLBACK },
      { callback_url: OTHER_CALLBACK },
      { redirect_uri: `${CALLBACK}/` },
      { redirect_uri: CALLBACK.toUpperCase() },
      { redirect_uri: `${CALLBACK}?` },
    ]) {
      expect(await server.redeem(code, fields)).toMatchObject(INVALID_GRANT);
    }
    const differing = { redirect_uri: CALLBACK, callback_url: OTHER_CALLBACK };
    expect(await server.redeem(code, differing)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect((await server.redeem(code, REDIRECT)).status).toBe(200);
  });

  it('B10: is none for a code that left by no redirect: sent with one it is refused, and still usable without', async () => {
    const { session, code } = await connected();
    const fields = { code_verifier: session.verifier };
    expect(await server.redeem(code, { ...fields, redirect_uri: CALLBACK })).toMatchObject(INVALID_GRANT);
    expect(await server.redeem(code, { ...fields, callback_url: CALLBACK })).toMatchObject(INVALID_GRANT);
    expect((await server.redeem(code, fields)).status).toBe(200);
  });
});

describe('a code', () => {
  it('C08: of one application is refused to another with that one’s secret, and stays usable by the first', async () => {
    const registered = await world.register({ name: 'Other' });
    const other = createPartnerServer(world, registered);
    const { session, code } = await connected();
    const fields = { code_verifier: session.verifier };
    expect(await other.redeem(code, fields)).toMatchObject(INVALID_GRANT);
    const theirs = openPage(world, { clientId: registered.clientId });
    expect(await theirs.ask('POST', '/connect/exchange', { body: { code, ...fields } })).toMatchObject(INVALID_GRANT);
    const redirected = await authorizedCode(world);
    expect(await other.redeem(redirected, REDIRECT)).toMatchObject(INVALID_GRANT);
    expect((await server.redeem(code, fields)).status).toBe(200);
    expect((await server.redeem(redirected, REDIRECT)).status).toBe(200);
  });

  it('C09: of one installation is refused at another, though it has an application of the same addresses', async () => {
    const elsewhere = await createWorld();
    try {
      const code = await authorizedCode(world);
      expect(await createPartnerServer(elsewhere).redeem(code, REDIRECT)).toMatchObject(INVALID_GRANT);
      const { status, body } = await server.redeem(code, REDIRECT);
      expect(status).toBe(200);
      const there = createPartnerServer(elsewhere);
      expect([(await there.userinfo(body.access_token)).status, (await there.refresh(body.refresh_token)).status]).toEqual([401, 400]);
    } finally {
      await elsewhere.close();
    }
  });

  it.each<[string, (code: string) => string]>([
    ['cut short', (code) => code.slice(0, -1)],
    ['with a character more', (code) => `${code}A`],
    ['with padding', (code) => `${code}=`],
    ['with a line break', (code) => `${code}\n`],
    ['with a blank before it', (code) => ` ${code}`],
    ['with a NUL', (code) => `${code}\0`],
    ['with another secret', (code) => `${code.slice(0, 20)}${code.slice(20).replace(/[A-Y]/, 'Z')}`],
    ['with another row', (code) => `AAAA${code.slice(4)}`],
    ['with one bit of its end turned', (code) => `${code.slice(0, -1)}${code.endsWith('A') ? 'E' : 'A'}`],
    ['in another spelling of the same bytes', (code) => `${code.slice(0, -1)}${nextCharacter(code.at(-1) ?? '')}`],
    ['in capitals', (code) => code.toUpperCase()],
    ['in small letters', (code) => code.toLowerCase()],
  ])('C10: %s is refused, and stays usable as it is', async (_what, change) => {
    const { session, code } = await connected();
    expect(await session.exchange(change(code))).toMatchObject(INVALID_GRANT);
    expect((await session.exchange(code)).status).toBe(200);
  });
});

/** The next of base64url: at the end of a code the last two bits say nothing, so it decodes to the same bytes. */
function nextCharacter(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet.charAt(alphabet.indexOf(character) + 1);
}

describe('the life of a code', () => {
  it('D02: of a page is 60 seconds from the poll that minted it: good a millisecond before, dead on the dot and after', async () => {
    const good = await connected();
    const onTheDot = await connected();
    const after = await connected();
    world.clock.pass({ seconds: 59, ms: 999 });
    expect((await good.session.exchange(good.code)).status).toBe(200);
    world.clock.pass({ ms: 1 });
    expect(await onTheDot.session.exchange(onTheDot.code)).toMatchObject(INVALID_GRANT);
    world.clock.pass({ ms: 1 });
    expect(await after.session.exchange(after.code)).toMatchObject(INVALID_GRANT);
  });

  it('D02: of a redirect is 60 seconds from the redirect: good a millisecond before, dead on the dot and after', async () => {
    const [good, onTheDot, after] = [await authorizedCode(world), await authorizedCode(world), await authorizedCode(world)];
    world.clock.pass({ seconds: 59, ms: 999 });
    expect((await server.redeem(good, REDIRECT)).status).toBe(200);
    world.clock.pass({ ms: 1 });
    expect(await server.redeem(onTheDot, REDIRECT)).toMatchObject(INVALID_GRANT);
    world.clock.pass({ ms: 1 });
    expect(await server.redeem(after, REDIRECT)).toMatchObject(INVALID_GRANT);
  });

  it('D01: is over after ten minutes and after a day', async () => {
    const code = await authorizedCode(world);
    world.clock.pass({ minutes: 10 });
    expect(await server.redeem(code, REDIRECT)).toMatchObject(INVALID_GRANT);
    world.clock.pass({ hours: 24 });
    expect(await server.redeem(code, REDIRECT)).toMatchObject(INVALID_GRANT);
  });

  it.each([
    ['90 seconds ahead refuses what is a second old', 90_000, 1, 400],
    ['90 seconds behind takes what is two minutes old', -90_000, 120, 200],
    ['90 seconds behind refuses what is three minutes old', -90_000, 180, 400],
  ])('D01: at a backend whose clock is %s: never more than the skew is added', async (_what, skewMs, seconds, status) => {
    const other = await createCalendarConnect({
      publicUrl: world.publicUrl,
      database: world.database.open(),
      keys: KEYS,
      providers: [],
      now: () => world.clock.now() + skewMs,
    });
    try {
      const code = await authorizedCode(world);
      world.clock.pass({ seconds });
      const { clientId: client_id, clientSecret: client_secret } = world.application;
      const response = await other.app.request('/oauth/token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ grant_type: 'authorization_code', client_id, client_secret, code, ...REDIRECT }),
      });
      expect((await readAnswer<TokenBody>(response)).status).toBe(status);
    } finally {
      await other.close();
    }
  });
});
