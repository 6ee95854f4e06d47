import { afterEach, beforeEach, expect, it } from 'vitest';
import { textOf } from './support/html.ts';
import { openPage, type PageSession } from './support/partner-page.ts';
import { createPartnerServer, type PartnerServer } from './support/partner-server.ts';
import { AMIRA, createWorld, JONAS, PAGE_ORIGIN, type World } from './support/world.ts';

const MAYA = { id: 'user-17', name: 'Maya Osei' };

let world: World;
let server: PartnerServer;

beforeEach(async () => {
  world = await createWorld();
  server = createPartnerServer(world);
});
afterEach(() => world.close());

async function claimedFor(endUser: string | { id: string; name?: string }): Promise<PageSession> {
  const { session } = await server.mint({ end_user: endUser });
  return openPage(world).claim(session);
}

async function connectFor(endUser: string, account = AMIRA) {
  const session = await claimedFor(endUser);
  await session.connect({ account });
  const { body } = await session.exchange((await session.poll()).code);
  return { session, summary: body, tokens: (await server.redeem(body.receipt)).body };
}

it('lets the page connect for the person whom the server named, after asking whether it is them', async () => {
  const session = await claimedFor(MAYA);
  expect(session.end_user).toEqual({ name: 'Maya Osei' });
  const question = await session.start();
  expect(textOf(question.text)).toContain('Connect a Google calendar to Planner');
  expect(textOf(question.text)).toContain('This connects a calendar for Maya Osei . Go on only if that is you.');
  expect(textOf(question.text)).toContain('Free/busy only');
  expect(textOf((await session.connect()).text)).toContain('Your calendar is connected');
});

it('can be claimed once: whoever comes second is refused with 409', async () => {
  const { session } = await server.mint({ end_user: MAYA });
  await openPage(world).claim(session);
  await expect(openPage(world).claim(session)).rejects.toMatchObject({ status: 409, code: 'session_already_claimed' });
});

it('can be claimed by one page only, however many try at the same instant', async () => {
  const { session } = await server.mint({ end_user: MAYA });
  const pages = Array.from({ length: 10 }, () => openPage(world).claim(session));
  const outcomes = await Promise.allSettled(pages);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

it.each([
  ['another session’s id', (token: string) => token.replace(/^.{8}/, 'ses_0000')],
  ['a changed secret', (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
  ['no secret', (token: string) => token.split('.')[0] ?? ''],
])('cannot be claimed with %s', async (_what, change) => {
  const { session } = await server.mint({ end_user: MAYA });
  await expect(openPage(world).claim(change(session))).rejects.toMatchObject({ status: 404, code: 'session_not_found' });
});

it('cannot be claimed after an hour, or for another application', async () => {
  const other = await world.register({ name: 'Other' });
  const { session } = await server.mint({ end_user: MAYA });
  await expect(openPage(world, { clientId: other.clientId }).claim(session)).rejects.toMatchObject({ code: 'session_not_found' });
  world.clock.pass({ hours: 1 });
  await expect(openPage(world).claim(session)).rejects.toMatchObject({ code: 'session_not_found' });
});

it('asks for confirmation also where no page says that it opened the window, and refuses where another page does', async () => {
  const session = await claimedFor(MAYA);
  for (const origin of [PAGE_ORIGIN, 'null', undefined]) {
    expect(textOf((await session.start({}, { origin })).text)).toContain('This connects a calendar for Maya Osei');
  }
  expect((await session.start({}, { origin: 'https://elsewhere.example' })).status).toBe(403);
});

it('ends as declined when the person says that it is not them', async () => {
  const session = await claimedFor(MAYA);
  const page = openPage(world);
  const question = await page.browser.postFrom(PAGE_ORIGIN, `${world.publicUrl}/connect/start/${session.id}`, {
    secret: session.secret,
    provider: 'google',
    access_mode: 'full',
  });
  const end = await page.browser.submit(question, { press: 'This is not me' });
  expect(textOf(end.text)).toContain('Nothing was connected');
  expect((await session.poll()).state).toBe('declined');
  expect(world.askedGoogle('/token')).toBe(0);
});

it('puts all sessions of one person into one account with one refresh token', async () => {
  const first = await connectFor('user-17');
  // Profiles are told oldest first, and this clock stands still.
  world.clock.pass({ seconds: 1 });
  const second = await connectFor('user-17', JONAS);
  expect(second.summary.account_id).toBe(first.summary.account_id);
  expect(second.tokens.refresh_token).toBe(first.tokens.refresh_token);
  const { body } = await server.userinfo(second.tokens.access_token);
  expect(body['cronofy.data'].profiles.map((profile) => profile.profile_id)).toEqual([first.summary.profile_id, second.summary.profile_id]);
});

it('never lets two persons share an account, even with the same Google login', async () => {
  const first = await connectFor('user-17');
  const second = await connectFor('user-18');
  expect(second.summary.account_id).not.toBe(first.summary.account_id);
  expect(second.summary.profile_id).not.toBe(first.summary.profile_id);
  expect(second.tokens.refresh_token).not.toBe(first.tokens.refresh_token);
});

it('never puts somebody whom no server named into the account of somebody named, with the same Google login', async () => {
  const named = await connectFor('user-17');
  const session = await openPage(world).mint();
  await session.connect();
  const { body } = await session.exchange((await session.poll()).code);
  expect(body.account_id).not.toBe(named.summary.account_id);
});

it('keeps the same end user of two applications apart', async () => {
  const other = await world.register({ name: 'Other' });
  const mine = await connectFor('user-17');
  const { session } = await createPartnerServer(world, other).mint({ end_user: 'user-17' });
  const theirs = await openPage(world, { clientId: other.clientId }).claim(session);
  await theirs.connect();
  expect((await theirs.exchange((await theirs.poll()).code)).body.account_id).not.toBe(mine.summary.account_id);
});

it('tells the server that minted it how it stands: the account only once the code was exchanged, the code never', async () => {
  const minted = await server.mint({ end_user: MAYA });
  const session = await openPage(world).claim(minted.session);
  expect((await server.session(minted.id)).body).toEqual({ id: minted.id, state: 'created', version: 1, end_user: MAYA });
  await session.connect();
  const connected = (await server.session(minted.id)).body;
  expect(connected).toMatchObject({ state: 'connected', end_user: MAYA });
  expect(connected).not.toHaveProperty('code');
  expect(connected).not.toHaveProperty('account_id');
  const { body } = await session.exchange((await session.poll()).code);
  expect((await server.session(minted.id)).body).toMatchObject({ account_id: body.account_id, profile_id: body.profile_id });
  world.clock.pass({ hours: 2 });
  expect((await server.session(minted.id)).body).toMatchObject({ state: 'connected', account_id: body.account_id });
});

it('tells another application’s server nothing', async () => {
  const other = createPartnerServer(world, await world.register({ name: 'Other' }));
  const minted = await server.mint({ end_user: MAYA });
  expect(await other.session(minted.id)).toMatchObject({ status: 404, body: { error: 'session_not_found' } });
});

it('refuses to mint with a wrong secret, and names no application by it', async () => {
  const { application } = world;
  const forged = createPartnerServer(world, { ...application, clientSecret: 'wrong' });
  const unknown = createPartnerServer(world, { clientId: 'app_000000000000000000000000', clientSecret: application.clientSecret });
  const answers = await Promise.all([forged.mint({ end_user: 'user-17' }), unknown.mint({ end_user: 'user-17' })]);
  expect(answers[0]).toMatchObject({ error: 'invalid_client' });
  expect(answers[1]).toEqual(answers[0]);
});

const mint = async (endUser: unknown) => {
  const body = JSON.stringify({ client_id: world.application.clientId, client_secret: world.application.clientSecret, end_user: endUser });
  const answer = await world.request('/connect/sessions', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { status: answer.status, ...((await answer.json()) as { error?: string; error_description?: string }) };
};

it.each(['you.\u202e\u2066 Press Continue', 'a\nb', ' ', 'x'.repeat(101)])(
  'takes no name that could say something else than a name: %j',
  async (name) => {
    expect(await mint({ id: 'user-1', name })).toMatchObject({ status: 400, error: 'invalid_request' });
    expect(await mint(name)).toMatchObject({ status: 400, error: 'invalid_request' });
  },
);

it('says what is expected where the person is missing', async () => {
  expect((await mint(undefined)).error_description).toMatch(/^end_user: expected the person's id, or \{ id, name \}/);
});

it('tells the partner’s server of the attempt, not of one try: a retry that connects is a connection', async () => {
  const session = await claimedFor(MAYA);
  await session.cancel();
  expect((await server.session(session.id)).body).toMatchObject({ id: session.id, state: 'cancelled' });
  const retried = await openPage(world).mint({ retry_of: session.id }, session.secret);
  await retried.connect();
  await retried.exchange((await retried.poll()).code);
  expect((await server.session(session.id)).body).toMatchObject({
    id: session.id,
    state: 'connected',
    account_id: expect.stringMatching(/^acc_/),
  });
});

it('takes the client secret as Bearer alone', async () => {
  const answer = await world.request('/connect/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.application.clientSecret}` },
    body: JSON.stringify({ end_user: 'user-1' }),
  });
  expect(answer.status).toBe(201);
  const wrong = await world.request('/connect/sessions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer wrong' },
    body: JSON.stringify({ end_user: 'user-1' }),
  });
  expect(wrong.status).toBe(401);
});
