import { setTimeout as pause } from 'node:timers/promises';
import type { RunningGoogleEmulator } from '@calendar-connect/emulators';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type BackendProcess, type PreparedBackendProcess, prepareBackendProcess } from '../support/backend-processes.ts';
import { RESERVED } from '../../src/storage/grant-row.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { openPage } from '../support/partner-page.ts';
import type { RegisteredApplication } from '../support/world.ts';
import { createDice, type Dice, trialWith } from './dice.ts';
import { halfMade } from './half-made.ts';
import { type Line, openLine } from './http.ts';
import { reach, settingsFor, startEmulator } from './pair.ts';
import { createPartner, outcomeOf, type Partner, type Redeemed, WAYS, whoseToken } from './partner.ts';
import { connectPeople, openBeside, register, type WaitingPerson } from './waiting-people.ts';

/** A start and all the checks after it take three times as long on PostgreSQL. */
const KILLS = inject('database') === 'postgres' ? 100 : 200;
const CLIENTS = 5;
/** More than are exchanged before a kill. */
const ENOUGH_PEOPLE = 300;

let database: TestDatabase;
let emulator: RunningGoogleEmulator;
let application: RegisteredApplication;
let partner: Partner;
let running: BackendProcess | undefined;
let prepared: PreparedBackendProcess;
const waiting: WaitingPerson[] = [];

beforeAll(async () => {
  database = await createDatabase('file');
  emulator = await startEmulator();
  const backend = await openBeside(database);
  application = await register(backend);
  partner = createPartner(application);
  await backend.store.close();
  prepared = prepare();
}, 60_000);
afterAll(async () => {
  await prepared.discard();
  await running?.stop();
  await emulator.close();
  await database.drop();
});

/** While one process runs until it is killed, the next one loads. */
function prepare(): PreparedBackendProcess {
  return prepareBackendProcess(settingsFor(database, emulator));
}

async function startNext(): Promise<BackendProcess> {
  const started = await prepared.start();
  prepared = prepare();
  running = started;
  return started;
}

/** Where the database is a file, nobody but the process that is killed has it open: whoever starts next has to recover it. */
async function letPeopleConnect(): Promise<void> {
  if (waiting.length >= ENOUGH_PEOPLE) return;
  const backend = await openBeside(database);
  waiting.push(...(await connectPeople(backend, application, 4 * ENOUGH_PEOPLE)));
  await backend.store.close();
}

/** What clients know when the process that they asked was killed. */
interface Known {
  readonly redeemed: { readonly person: WaitingPerson; readonly answer: Redeemed }[];
  /** Whose exchange had no answer yet. */
  readonly unanswered: WaitingPerson[];
  readonly revoked: Redeemed[];
  /** Whose revocation had no answer yet. */
  readonly perhapsRevoked: Redeemed[];
}

/** A process that answers until it is killed. */
interface Doomed {
  readonly process: BackendProcess;
  readonly line: Line;
  readonly known: Known;
  readonly dice: Dice;
  isKilled: boolean;
}

/** Does one thing after the other until the process is killed in the middle of one: no failure is expected but that of the connection then. */
async function untilKilled(doomed: Doomed, doOne: () => Promise<void>): Promise<void> {
  while (!doomed.isKilled) {
    try {
      await doOne();
    } catch (error) {
      if (!doomed.isKilled || (error instanceof Error && error.name === 'AssertionError')) throw error;
    }
  }
}

async function exchangeOne({ line, known, dice }: Doomed): Promise<void> {
  const person = waiting.pop();
  if (person === undefined) throw new Error('more were exchanged than expected before one kill');
  known.unanswered.push(person);
  const answer = await line.send<Redeemed>(partner.exchange(person, WAYS[dice.below(WAYS.length)] ?? 'form'));
  known.unanswered.splice(known.unanswered.indexOf(person), 1);
  expect(outcomeOf(answer)).toBe('200');
  known.redeemed.push({ person, answer: answer.body });
}

async function revokeOne({ line, known }: Doomed, standing: Redeemed[]): Promise<void> {
  const tokens = standing.pop();
  if (tokens === undefined) return pause(5);
  known.perhapsRevoked.push(tokens);
  const answer = await line.send(partner.revoke({ token: tokens.refresh_token }));
  known.perhapsRevoked.splice(known.perhapsRevoked.indexOf(tokens), 1);
  expect(outcomeOf(answer)).toBe('200');
  known.revoked.push(tokens);
}

/** A person who goes all the way through Google, and whose code nobody redeems. */
async function connectOne({ process }: Doomed): Promise<void> {
  const page = openPage(reach(process, application));
  const session = await page.mint();
  await session.connect();
  expect((await session.poll()).state).toBe('connected');
}

/** Lets clients ask a process until it is killed at some instant, and answers with what they know then. */
async function killAmidst(process: BackendProcess, standing: Redeemed[], dice: Dice): Promise<Known> {
  const known: Known = { redeemed: [], unanswered: [], revoked: [], perhapsRevoked: [] };
  const line = openLine(process.url);
  const doomed: Doomed = { process, line, known, dice, isKilled: false };
  const clients = [
    ...Array.from({ length: CLIENTS }, () => untilKilled(doomed, () => exchangeOne(doomed))),
    untilKilled(doomed, () => revokeOne(doomed, standing)),
    untilKilled(doomed, () => connectOne(doomed)),
  ];
  await Promise.race([answers(known, dice.below(20)), ...clients]);
  await pause(dice.below(61));
  doomed.isKilled = true;
  await process.stop('SIGKILL');
  await Promise.all(clients);
  line.close();
  return known;
}

async function answers(known: Known, count: number): Promise<void> {
  while (known.redeemed.length < count) await pause(1);
}

/** Everything that was acknowledged holds at the next process. Answers with the tokens that stand. */
async function checkRedeemed(line: Line, { redeemed }: Known): Promise<Redeemed[]> {
  return Promise.all(
    redeemed.map(async ({ person, answer: { receipt, ...answer } }) => {
      const tokens = receipt === undefined ? answer : (await line.send<Redeemed>(partner.redeem(receipt))).body;
      expect(await whoseToken(partner, [line], tokens.access_token)).toEqual([person.accountId]);
      expect(outcomeOf(await line.send(partner.refresh(tokens.refresh_token)))).toBe('200');
      expect(outcomeOf(await line.send(partner.exchange(person, 'json')))).toBe('400 invalid_grant');
      return tokens;
    }),
  );
}

/** What was not acknowledged was done wholly, and then its account stands, or not at all, and then it can be done once. */
async function checkUnanswered(line: Line, { unanswered }: Known): Promise<void> {
  const again = await Promise.all(
    unanswered.map(async (person) => {
      const answer = await line.send<Redeemed>(partner.exchange(person, 'json'));
      expect(['200', '400 invalid_grant']).toContain(outcomeOf(answer));
      if (answer.status !== 200) return person.accountId;
      expect(await whoseToken(partner, [line], answer.body.access_token)).toEqual([person.accountId]);
      expect(outcomeOf(await line.send(partner.exchange(person, 'json')))).toBe('400 invalid_grant');
      return undefined;
    }),
  );
  const done = again.filter((accountId) => accountId !== undefined);
  const stand = await database.execute(`
    select a.id from accounts a where a.id in (${['nobody', ...done].map((id) => `'${id}'`).join(', ')})
      and 1 = (select count(*) from grants g where g.account_id = a.id and g.refresh_hash <> '${RESERVED}')
      and 1 = (select count(*) from profiles p where p.account_id = a.id and p.status = 'connected')`);
  expect(stand.map(({ id }) => String(id)).toSorted()).toEqual(done.toSorted());
}

async function checkRevoked(line: Line, { revoked, perhapsRevoked }: Known): Promise<void> {
  const outcomes = async (tokens: Redeemed): Promise<string> => {
    const [who] = await whoseToken(partner, [line], tokens.access_token);
    return `${who === tokens.account_id ? 'works' : who} ${outcomeOf(await line.send(partner.refresh(tokens.refresh_token)))}`;
  };
  for (const tokens of revoked) expect(await outcomes(tokens)).toBe('401 400 invalid_grant');
  for (const tokens of perhapsRevoked) expect(['works 200', '401 400 invalid_grant']).toContain(await outcomes(tokens));
}

it(
  `L06: of ${KILLS} kills in the midst of exchanges none loses what was acknowledged, revives a code or leaves anything half made`,
  { timeout: 400_000 },
  async () => {
    const dice = createDice();
    let amidst = 0;
    let standing: Redeemed[] = [];
    await letPeopleConnect();
    let process = await startNext();
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await letPeopleConnect();
      await trialWith(dice, `kill ${kill}`, async () => {
        const known = await killAmidst(process, standing, dice.derive(kill));
        process = await startNext();
        const line = openLine(process.url);
        standing = await checkRedeemed(line, known);
        await checkUnanswered(line, known);
        await checkRevoked(line, known);
        line.close();
        expect(await halfMade(database)).toEqual([]);
        amidst += known.unanswered.length;
      });
    }
    // Otherwise the kills came when nothing was under way.
    expect(amidst).toBeGreaterThan(KILLS);
    await everythingIsGivenBack(process);
  },
);

/** The killed processes still hold leases, for two minutes at most. */
async function everythingIsGivenBack(process: BackendProcess): Promise<void> {
  await database.execute('update work_lanes set lease_until = 0');
  const line = openLine(process.url);
  await line.send(partner.revoke({ token: 'nothing' }));
  line.close();
  const left = () =>
    database.execute(`select id from profiles join credentials on credentials.profile_id = profiles.id where status = 'revoked'`);
  await expect.poll(left, { timeout: 30_000 }).toEqual([]);
}
