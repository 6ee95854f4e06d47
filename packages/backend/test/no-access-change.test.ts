import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { calendarApi } from './support/calendar-api.ts';
import { createNoAccessWorld, NO_ACCESS, type NoAccessWorld, typeAddress, typeCode } from './support/no-access.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { createPartnerServer } from './support/partner-server.ts';
import { AMIRA, JONAS } from './support/world.ts';

let here: NoAccessWorld;
let page: PartnerPage;
beforeEach(async () => {
  here = await createNoAccessWorld();
  page = openPage(here.world);
});
afterEach(() => here.close());

async function shareNothing(session: PageSession): Promise<void> {
  const mails = here.server().mails.length;
  const provider = session.offer.providers.at(-1)?.id ?? '';
  const form = await session.start({ ...NO_ACCESS, provider });
  // Somebody whom the partner named confirms first that it is them.
  const proving = {
    browser: page.browser,
    session,
    form: form.text.includes('name="email"') ? form : await page.browser.submit(form, { press: 'Continue' }),
  };
  await typeCode(proving, await typeAddress(proving, 'amira@home.example'), await here.codeOfMail(mails + 1));
}

async function summaryOf(session: PageSession) {
  return (await session.exchange((await session.poll()).code)).body;
}

async function connectGoogle(session: PageSession, account = AMIRA) {
  await session.connect({ accessMode: 'full', account });
  return summaryOf(session);
}

it('keeps account and profile where a page goes on from its connection to no access and back, and ends the grant', async () => {
  const first = await page.mint();
  const before = await connectGoogle(first);
  const second = await page.mint({ retry_of: first.id }, first.secret);
  await shareNothing(second);
  expect(here.world.google.liveRefreshTokens(AMIRA)).toBe(1);
  const after = await summaryOf(second);
  expect(after).toMatchObject({ account_id: before.account_id, profile_id: before.profile_id, access_mode: 'no_access', provider: 'none' });
  await vi.waitFor(() => expect(here.world.google.liveRefreshTokens(AMIRA)).toBe(0));

  const third = await page.mint({ retry_of: second.id }, second.secret);
  expect(await connectGoogle(third, JONAS)).toMatchObject({
    account_id: before.account_id,
    profile_id: before.profile_id,
    access_mode: 'full',
    provider: 'google',
    name: JONAS,
  });
});

it('keeps them in a session that the partner’s server minted for the connection', async () => {
  const server = createPartnerServer(here.world);
  const claimed = async (profileId?: string) => {
    const { session } = await server.mint({ end_user: 'user-17', ...(profileId === undefined ? {} : { profile_id: profileId }) });
    return page.claim(session);
  };
  const before = await connectGoogle(await claimed());
  const change = await claimed(before.profile_id);
  expect(change.offer.providers.map(({ id }) => id)).toEqual(['google']);
  await shareNothing(change);
  expect(await summaryOf(change)).toMatchObject({ account_id: before.account_id, profile_id: before.profile_id, access_mode: 'no_access' });
  const back = await claimed(before.profile_id);
  expect(back.change).toMatchObject({ provider: 'none', access_mode: 'no_access', name: 'amira@home.example' });
  expect(back.offer.providers.map(({ id }) => id)).toEqual(['google', 'none']);
});

it('gives back what was revoked and Google has not heard of yet, when the same profile is used again without it', async () => {
  const server = createPartnerServer(here.world);
  const named = async (profile?: object) => page.claim((await server.mint({ end_user: 'user-17', ...profile })).session);
  const first = await named();
  const { profile_id, receipt } = await connectGoogle(first);
  const change = await named({ profile_id });
  const healed = here.world.google.addFault({ group: 'revoke', status: 503 });
  const { access_token: accessToken } = (await server.redeem(receipt)).body;
  expect(await calendarApi(here.world, accessToken).post(`/v1/profiles/${profile_id}/revoke`, {})).toMatchObject({ status: 202 });
  await vi.waitFor(() => expect(here.world.askedGoogle('/revoke')).toBeGreaterThan(0));
  await shareNothing(change);
  healed();
  expect(await summaryOf(change)).toMatchObject({ profile_id, access_mode: 'no_access' });
  await vi.waitFor(() => expect(here.world.google.liveRefreshTokens(AMIRA)).toBe(0));
});

it('is another connection where another provider’s calendar is connected beside it, and where no page says whose it is', async () => {
  const first = await page.mint();
  const before = await connectGoogle(first);
  const second = await page.mint({ retry_of: first.id }, first.secret);
  expect((await connectGoogle(second, JONAS)).profile_id).not.toBe(before.profile_id);
  const stranger = await page.mint();
  await shareNothing(stranger);
  expect((await summaryOf(stranger)).account_id).not.toBe(before.account_id);
});
