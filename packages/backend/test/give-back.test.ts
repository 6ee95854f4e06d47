import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPage } from './support/partner-page.ts';
import { AMIRA, createWorld, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** Time passes, and what is due is done. */
async function until(holds: () => void): Promise<void> {
  await vi.waitFor(
    async () => {
      world.clock.pass({ minutes: 1 });
      await openPage(world)
        .mint()
        .then((session) => session.cancel());
      holds();
    },
    { timeout: 5000 },
  );
}

describe('what a half-ticked consent granted', () => {
  it('is given back to Google also where Google does not hear of it at first (G10)', async () => {
    const healed = world.google.addFault({ group: 'revoke', status: 503 });
    const session = await openPage(world).mint();
    await session.connect({ accessMode: 'full', untick: ['calendar.events'] });
    await until(() => expect(world.askedGoogle('/revoke')).toBeGreaterThan(1));
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(1);
    healed();
    await until(() => expect(world.google.liveRefreshTokens(AMIRA)).toBe(0));
    expect(JSON.stringify(world.log)).not.toMatch(/ya29\.|1\/\/0/);
  });

  it('is left alone where the same person has connected meanwhile: Google would end that too', async () => {
    const healed = world.google.addFault({ group: 'revoke', status: 503 });
    await (await openPage(world).mint()).connect({ accessMode: 'full', untick: ['calendar.events'] });
    await vi.waitFor(() => expect(world.askedGoogle('/revoke')).toBe(1));
    const again = await openPage(world).mint();
    await again.connect({ accessMode: 'full' });
    await again.exchange((await again.poll()).code);
    healed();
    const before = world.askedGoogle('/revoke');
    world.clock.pass({ minutes: 2 });
    await (await openPage(world).mint()).cancel();
    await world.connect.close();
    expect(world.askedGoogle('/revoke')).toBe(before);
    expect(world.google.liveRefreshTokens(AMIRA)).toBeGreaterThan(0);
  });
});
