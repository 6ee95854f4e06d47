import { expect, it, onTestFinished } from 'vitest';
import { goThroughMicrosoft, LEA } from './support/microsoft.ts';
import { openPage } from './support/partner-page.ts';
import { createPartnerServer, type TokenBody } from './support/partner-server.ts';
import { createWorld, type Reachable } from './support/world.ts';

/** Somebody connects their work account; the second time it is the same account again. */
async function connect(world: Reachable): Promise<TokenBody> {
  const page = openPage(world);
  const session = await page.mint();
  await goThroughMicrosoft(page.browser, await session.start({ provider: 'microsoft', accessMode: 'full' }), { account: LEA });
  const { receipt } = (await session.exchange((await session.poll()).code)).body;
  return (await createPartnerServer(world).redeem(receipt)).body;
}

async function profilesOf(world: Reachable, accessToken: string) {
  return (await createPartnerServer(world).userinfo(accessToken)).body['cronofy.data'].profiles;
}

it('a profile that was connected by EWS goes on while the option is off, and moves to Graph when its person reconnects', async () => {
  const world = await createWorld({ providers: (_google, _graph, ews) => [ews], database: 'file' });
  onTestFinished(() => world.close());
  const first = await connect(world);
  const [byEws] = await profilesOf(world, first.access_token);
  expect(byEws).toMatchObject({ provider_name: 'exchange', provider_protocol: 'exchange_web_services', profile_connected: true });
  expect(byEws?.profile_calendars.length).toBeGreaterThan(0);

  const later = await world.restarted((_google, graph) => [graph]);
  onTestFinished(() => later.close());
  world.clock.pass({ hours: 2 });
  const refreshed = await createPartnerServer(later).refresh(first.refresh_token);
  expect(await profilesOf(later, refreshed.body.access_token)).toMatchObject([
    { provider_protocol: 'exchange_web_services', profile_connected: true },
  ]);

  const second = await connect(later);
  expect(second.account_id).toBe(first.account_id);
  expect(await profilesOf(later, second.access_token)).toMatchObject([
    { profile_id: byEws?.profile_id, provider_protocol: 'graph_api', profile_connected: true },
  ]);
});
