import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPage } from './support/partner-page.ts';
import { authorizedCode, createPartnerServer } from './support/partner-server.ts';
import { CALLBACK, createWorld, GOOGLE_CLIENT, KEYS, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld({ database: 'file' });
});
afterEach(() => world.close());

it('holds no secret that was ever given out, and nothing out of a calendar (L02)', async () => {
  const server = createPartnerServer(world);
  const minted = await server.mint({ end_user: 'user-17' });
  const session = await openPage(world).claim(minted.session);
  await session.connect({ accessMode: 'full' });
  const { code } = await session.poll();
  const { body: summary } = await session.exchange(code);
  const { body: tokens } = await server.redeem(summary.receipt);
  const { body: fresh } = await server.refresh(tokens.refresh_token);
  const redirectCode = await authorizedCode(world, {}, { accessMode: 'full' });
  const { body: second } = await server.redeem(redirectCode, { redirect_uri: CALLBACK });

  const issued = {
    clientSecret: world.application.clientSecret,
    claim: minted.session.split('.')[1],
    sessionSecret: session.secret,
    verifier: session.verifier,
    code,
    receipt: summary.receipt,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    freshAccessToken: fresh.access_token,
    redirectCode,
    secondRefreshToken: second.refresh_token,
    googleSecret: GOOGLE_CLIENT.clientSecret,
    key: KEYS.slice(3),
  };
  const bytes = await world.database.contents();
  // What is looked for would be found if it were there.
  expect(bytes).toContain(session.id);
  expect(bytes).toContain(tokens.linking_profile.profile_id);
  for (const [name, secret] of Object.entries(issued)) {
    expect(secret, name).toMatch(/^[\w-]{20,}$/);
    // The secret half of an opaque token too: its row id is no secret.
    expect(bytes, name).not.toContain(secret);
    if (secret !== undefined && secret.length === 59) expect(bytes, name).not.toContain(secret.slice(16));
  }
  expect(bytes).not.toMatch(/ya29\.|1\/\/0|eyJhbGciOi/);
  expect(bytes).not.toMatch(/Team holidays|Room plan|Holidays in Germany/);
});

it('holds the cookie of no browser, and no state or verifier of a trip under way (L02)', async () => {
  const page = openPage(world);
  const session = await page.mint();
  const onward = await session.start();
  const [cookie = ''] = page.browser.cookiesFor(onward.url).split('; ');
  const state = /state=([\w-]{59})/.exec(onward.text)?.[1] ?? '';
  expect([cookie.split('=')[1]?.length, state.length]).toEqual([43, 59]);
  const bytes = await world.database.contents();
  for (const secret of [cookie.split('=')[1] ?? '', state, state.slice(16)]) expect(bytes).not.toContain(secret);
});

it('overwrites what was deleted: a connection given up leaves no name or address behind', async () => {
  const session = await openPage(world).mint();
  await session.connect({ account: 'jonas@gmail.example' });
  expect(await world.database.contents()).toContain('jonas@gmail.example');
  world.clock.pass({ hours: 1 });
  await createPartnerServer(world).revoke({ token: 'nothing' });
  await world.connect.close();
  expect(await world.database.contents()).not.toContain('jonas@gmail.example');
});
