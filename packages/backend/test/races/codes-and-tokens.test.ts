import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDice, type Dice, trialWith } from './dice.ts';
import { halfMade } from './half-made.ts';
import type { Received, Sending } from './http.ts';
import { type Pair, startPair } from './pair.ts';
import { createPartner, outcomeOf, type Partner, type Redeemed, WAYS, whoseToken } from './partner.ts';
import { connectPeople, register, type WaitingPerson } from './waiting-people.ts';

const TRIALS = 1000;
const AT_ONCE = 40;
/** While one waits for its slowest answer, the other keeps both processes busy. */
const TRIALS_AT_ONCE = 2;

let pair: Pair;
let partner: Partner;
let people: WaitingPerson[];
/** How many refreshes were answered with tokens. */
let refreshedCount = 0;

beforeAll(async () => {
  pair = await startPair();
  const application = await register(pair.beside);
  partner = createPartner(application);
  people = await connectPeople(pair.beside, application, TRIALS);
}, 60_000);
afterAll(() => pair.close());

/** Sends all of them at once, half of them to each process, some over a connection of their own. */
function race<T>(sendings: readonly Sending[]): Promise<Received<T>[]> {
  return Promise.all(sendings.map((sending, n) => pair.line(n).send<T>({ ...sending, alone: n % 8 > 5 })));
}

/** The one answer that won; the others have to have lost as they should. */
function winnerOf(answers: readonly Received<Redeemed>[]): Redeemed {
  const [won] = answers.filter(({ status }) => status === 200);
  const lost = Array.from({ length: answers.length - 1 }, () => '400 invalid_grant');
  expect(answers.map((answer) => outcomeOf(answer)).toSorted()).toEqual(['200', ...lost]);
  if (won === undefined) throw new Error('nobody won');
  return won.body;
}

async function raceForCode(person: WaitingPerson, dice: Dice): Promise<Redeemed> {
  const ways = dice.shuffle(Array.from({ length: AT_ONCE }, (_, n) => WAYS[n % WAYS.length] ?? 'form'));
  const won = winnerOf(await race(ways.map((way) => partner.exchange(person, way))));
  const { receipt } = won;
  if (receipt === undefined) return won;
  return winnerOf(await race(Array.from({ length: AT_ONCE / 4 }, () => partner.redeem(receipt))));
}

/** Refreshes so many times at once, and counts those that give tokens. */
async function raceRefreshes(tokens: Redeemed, count: number): Promise<Received<Redeemed>[]> {
  const answers = await race<Redeemed>(Array.from({ length: count }, () => partner.refresh(tokens.refresh_token)));
  refreshedCount += answers.filter(({ status }) => status === 200).length;
  return answers;
}

async function raceToRefresh(tokens: Redeemed): Promise<string[]> {
  const answers = await raceRefreshes(tokens, AT_ONCE);
  expect(answers.map((answer) => outcomeOf(answer))).toEqual(answers.map(() => '200'));
  expect(new Set(answers.map(({ body }) => `${body.refresh_token} ${body.account_id}`))).toEqual(
    new Set([`${tokens.refresh_token} ${tokens.account_id}`]),
  );
  const accessTokens = answers.map(({ body }) => body.access_token);
  expect(new Set([tokens.access_token, ...accessTokens]).size).toBe(1 + AT_ONCE);
  return accessTokens;
}

/** A revocation somewhere among refreshes, which may come before or after it. */
async function revokeWhileRefreshing(tokens: Redeemed, refreshed: readonly string[], dice: Dice): Promise<void> {
  const named = [{ token: tokens.refresh_token }, { token: tokens.access_token }, { sub: tokens.account_id }][dice.below(3)];
  const before = raceRefreshes(tokens, dice.below(5));
  const revocation = pair.line(dice.below(2)).send(partner.revoke(named ?? { sub: tokens.account_id }));
  const after = raceRefreshes(tokens, dice.below(5));

  expect(outcomeOf(await revocation)).toBe('200');
  const some = [tokens.access_token, ...dice.shuffle(refreshed).slice(0, 2)];
  const [dead, ...late] = await Promise.all([raceRefreshes(tokens, 2), ...some.map((token) => whoseToken(partner, pair.lines, token))]);
  expect(dead.map((answer) => outcomeOf(answer))).toEqual(['400 invalid_grant', '400 invalid_grant']);
  expect(late.flat()).toEqual(some.flatMap(() => ['401', '401']));

  for (const answer of [...(await before), ...(await after)]) {
    expect(['200', '400 invalid_grant']).toContain(outcomeOf(answer));
    if (answer.status === 200) expect(await whoseToken(partner, pair.lines, answer.body.access_token)).toEqual(['401', '401']);
  }
}

async function trial(person: WaitingPerson, dice: Dice): Promise<void> {
  const tokens = await raceForCode(person, dice);
  expect(tokens.account_id).toBe(person.accountId);
  expect(await whoseToken(partner, pair.lines, tokens.access_token)).toEqual([person.accountId, person.accountId]);
  const refreshed = await raceToRefresh(tokens);
  const some = refreshed[dice.below(AT_ONCE)] ?? '';
  expect(await whoseToken(partner, pair.lines, some)).toEqual([person.accountId, person.accountId]);
  await revokeWhileRefreshing(tokens, refreshed, dice);
}

it(
  `E01 E09 E10: of ${AT_ONCE} at once at two processes one redeems a code, all refresh, none outlives the revocation, in ${TRIALS} trials`,
  { timeout: 400_000 },
  async () => {
    const dice = createDice();
    const left = [...people.entries()];
    const runner = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const [n, person] = next;
        await trialWith(dice, `trial ${n}`, () => trial(person, dice.derive(n)));
      }
    };
    await Promise.all(Array.from({ length: TRIALS_AT_ONCE }, runner));
    expect(await pair.count('profiles', `status = 'revoked'`)).toBe(TRIALS);
    expect(await pair.count('access_tokens', 'grant_id in (select id from grants)')).toBe(0);
    expect(await pair.count('audit_events', `event = 'grant_revoked'`)).toBe(TRIALS);
    expect(await pair.count('audit_events', `event = 'token_refreshed'`)).toBe(refreshedCount);
    expect(await halfMade(pair.database)).toEqual([]);
    await expect.poll(() => pair.count('credentials', 'true'), { timeout: 30_000 }).toBe(0);
    expect(await pair.deadlocks()).toBe(0);
    expect(pair.logged()).toBe('');
  },
);
