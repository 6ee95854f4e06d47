import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listenTo } from './support/listening.ts';
import { openPage, type PageSession } from './support/partner-page.ts';
import { createPartnerServer } from './support/partner-server.ts';
import { createWorld, type World } from './support/world.ts';

const ROUNDS = 100;

let world: World;
let listening: Listening;
/** The same world, asked over the network. */
let overHttp: World;

beforeAll(async () => {
  world = await createWorld({ database: 'file' });
  listening = await listenTo(world);
  overHttp = { ...world, request: (path, init) => fetch(`${listening.url}${path}`, init) };
});
afterAll(async () => {
  await listening.close();
  await world.close();
});

async function connected(): Promise<{ session: PageSession; code: string }> {
  const session = await openPage(overHttp).mint();
  await session.connect();
  return { session, code: (await session.poll()).code ?? '' };
}

/** Several flows at a time: most of one is waiting for the other side. */
async function rounds(each: () => Promise<void>): Promise<void> {
  let left = ROUNDS;
  const runner = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await each();
    }
  };
  await Promise.all(Array.from({ length: 5 }, runner));
}

describe('of two at the same instant', () => {
  it(`one exchange of a code wins, and one redemption of its receipt, in each of ${ROUNDS} rounds`, { timeout: 30_000 }, async () => {
    const server = createPartnerServer(overHttp);
    await rounds(async () => {
      const { session, code } = await connected();
      const exchanges = await Promise.all([session.exchange(code), session.exchange(code)]);
      expect(exchanges.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
      const receipt = exchanges.find(({ status }) => status === 200)?.body.receipt;
      const redemptions = await Promise.all([server.redeem(receipt), server.redeem(receipt)]);
      expect(redemptions.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
      expect(redemptions.find(({ status }) => status === 400)?.body.error).toBe('invalid_grant');
      const tokens = redemptions.find(({ status }) => status === 200)?.body;
      expect((await server.userinfo(tokens?.access_token ?? '')).status).toBe(200);
    });
  });

  it('a page and a server that bring the same code: one of them wins', async () => {
    const server = createPartnerServer(overHttp);
    const { session, code } = await connected();
    const both = await Promise.all([session.exchange(code), server.redeem(code, { code_verifier: session.verifier })]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
  });

  it('an exchange and a cancellation leave one outcome: connected and redeemable, or cancelled and nothing', async () => {
    const server = createPartnerServer(overHttp);
    for (let round = 0; round < 10; round += 1) {
      const { session, code } = await connected();
      const [exchanged, cancelled] = await Promise.all([session.exchange(code), session.cancel()]);
      if (exchanged.status === 200) {
        expect(cancelled.body.state).toBe('connected');
        expect((await server.redeem(exchanged.body.receipt)).status).toBe(200);
      } else {
        expect(cancelled.body.state).toBe('cancelled');
      }
    }
  });
});
