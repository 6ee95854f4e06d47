import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callbackFromGoogle } from '../support/consent.ts';
import { openPage, type PageSession } from '../support/partner-page.ts';
import { createPartnerServer, type PartnerServer, type TokenBody } from '../support/partner-server.ts';
import type { RegisteredApplication } from '../support/world.ts';
import { halfMade } from './half-made.ts';
import { type Pair, reach, startPair } from './pair.ts';
import { createPartner, outcomeOf, type Redeemed, whoseToken } from './partner.ts';
import { connectPeople, register } from './waiting-people.ts';

const ROUNDS = 10;
const CANCELLATIONS = 200;

let pair: Pair;
let skewMs = 0;

beforeAll(async () => {
  pair = await startPair(() => Date.now() + skewMs);
}, 60_000);
afterAll(() => pair.close());

/** A person in front of a page, at one of the processes, for an application. */
interface Connecting {
  readonly application: RegisteredApplication;
  /** As whom the application's server knows the person; otherwise nobody named them. */
  readonly endUser?: string;
}

interface Connected {
  readonly server: PartnerServer;
  readonly tokens: TokenBody;
}

/** Lets one login connect several times: all come back from Google at the same instant, and all codes are redeemed at the same instant. */
async function connectAtOnce(connecting: readonly Connecting[]): Promise<Connected[]> {
  const trips = await Promise.all(connecting.map((each, n) => untilCallback(each, n)));
  await Promise.all(trips.map(({ visit }) => visit()));
  const codes = await Promise.all(trips.map(async ({ session }) => (await session.poll()).code));
  return Promise.all(
    trips.map(async ({ session, server }, n) => {
      const { status, body } = await server.redeem(codes[n], { code_verifier: session.verifier });
      expect(status).toBe(200);
      return { server, tokens: body };
    }),
  );
}

async function untilCallback({ application, endUser }: Connecting, n: number) {
  const process = pair.processes[n % pair.processes.length];
  if (process === undefined) throw new Error('no process was started');
  const reached = reach(process, application);
  const server = createPartnerServer(reached);
  const page = openPage(reached);
  const session: PageSession =
    endUser === undefined ? await page.mint() : await page.claim((await server.mint({ end_user: { id: endUser } })).session);
  const first = await session.start();
  const onward = endUser === undefined ? first : await page.browser.submit(first, { press: 'Continue' });
  const callback = await callbackFromGoogle(page.browser, onward);
  return { session, server, visit: () => page.browser.visit(callback) };
}

/** An hour after Google's access tokens have ended, every connection that stands can still be renewed there. */
async function everyConnectionHolds(connected: readonly Connected[]): Promise<void> {
  skewMs = 2 * 3600_000;
  const ofThem = `profiles.account_id in (${connected.map(({ tokens }) => `'${tokens.account_id}'`).join(', ')})`;
  await pair.database.execute(`update profiles set calendars_at = 0 where ${ofThem}`);
  for (const { server, tokens } of connected) expect((await server.userinfo(tokens.access_token)).status).toBe(200);
  await expect.poll(() => pair.count('profiles', `calendars_at = 0 and ${ofThem}`), { timeout: 10_000 }).toBe(0);
  for (const { server, tokens } of connected) {
    const { body } = await server.userinfo(tokens.access_token);
    expect(body['cronofy.data'].profiles).toMatchObject([{ profile_connected: true }]);
  }
  skewMs = 0;
}

function different(connected: readonly Connected[], field: 'account_id' | 'refresh_token'): number {
  return new Set(connected.map(({ tokens }) => tokens[field])).size;
}

/** Several rounds, each with applications that know the login not yet. */
async function rounds(connecting: () => Promise<readonly Connecting[]>, check: (connected: Connected[]) => void): Promise<void> {
  const all: Connected[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const connected = await connectAtOnce(await connecting());
    check(connected);
    all.push(...connected);
  }
  expect(await halfMade(pair.database)).toEqual([]);
  await everyConnectionHolds(all);
}

describe('G12: one login that connects several times at the same instant, at two processes', () => {
  it('is one account with one profile and one grant, where nobody was named', { timeout: 60_000 }, async () => {
    await rounds(
      async () => {
        const application = await register(pair.beside);
        return [{ application }, { application }, { application }, { application }];
      },
      (connected) => {
        expect([different(connected, 'account_id'), different(connected, 'refresh_token')]).toEqual([1, 1]);
        expect(new Set(connected.map(({ tokens }) => tokens.linking_profile.profile_id)).size).toBe(1);
      },
    );
  });

  it('is one account for each person whom the partner named', { timeout: 60_000 }, async () => {
    await rounds(
      async () => {
        const application = await register(pair.beside);
        return ['user-1', 'user-2', 'user-1', 'user-2'].map((endUser) => ({ application, endUser }));
      },
      (connected) => {
        expect([different(connected, 'account_id'), different(connected, 'refresh_token')]).toEqual([2, 2]);
        expect(connected[0]?.tokens.account_id).toBe(connected[2]?.tokens.account_id);
      },
    );
  });

  it('is one account at each of two partners', { timeout: 60_000 }, async () => {
    await rounds(
      async () => [{ application: await register(pair.beside) }, { application: await register(pair.beside) }],
      (connected) => expect([different(connected, 'account_id'), different(connected, 'refresh_token')]).toEqual([2, 2]),
    );
  });
});

it(`an exchange and a cancellation at two processes leave one outcome, in ${CANCELLATIONS} rounds`, { timeout: 60_000 }, async () => {
  const application = await register(pair.beside);
  const partner = createPartner(application);
  const outcomes: string[] = [];
  const deadlocksBefore = await pair.deadlocks();
  for (const [n, person] of (await connectPeople(pair.beside, application, CANCELLATIONS)).entries()) {
    const cancel = () => pair.line(n).send<{ state?: string }>(partner.cancel(person));
    const exchange = () => pair.line(n + 1).send<Redeemed>(partner.exchange(person, 'json'));
    const cancelling = n % 4 > 1 ? cancel() : undefined;
    const [exchanged, cancelled] = await Promise.all([exchange(), cancelling ?? cancel()]);
    const outcome = `${outcomeOf(exchanged)}, ${cancelled.status} ${cancelled.body.state}`;
    expect(['200, 200 connected', '400 invalid_grant, 200 cancelled']).toContain(outcome);
    if (exchanged.status === 200) {
      expect(await whoseToken(partner, pair.lines, exchanged.body.access_token)).toEqual([person.accountId, person.accountId]);
    }
    outcomes.push(outcome);
  }
  // Otherwise one of them always came first, and they did not race.
  expect(new Set(outcomes).size).toBe(2);
  expect(await pair.deadlocks()).toBe(deadlocksBefore);
  expect(await halfMade(pair.database)).toEqual([]);
});
