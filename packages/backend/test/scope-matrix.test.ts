import type { AccessMode } from '@calendar-connect/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINT_ACCESS, type Operation } from '../src/oauth/endpoint-access.ts';
import { SCOPE_NAMES } from '../src/oauth/scopes.ts';
import { anEvent, calendarApi, type CalendarApi } from './support/calendar-api.ts';
import { createNoAccessWorld, type NoAccessWorld } from './support/no-access.ts';
import { authorizedCode, createPartnerServer, type TokenBody } from './support/partner-server.ts';
import { AMIRA, CALLBACK, JONAS } from './support/world.ts';

/**
 * What each scope allows beyond what every token may do. Written out here by hand, and not derived from the table in `oauth/`, so that the two can
 * disagree. Sources: partner API, scopes of the authorization request.
 */
const SCOPES: readonly (readonly [scope: string, reads: boolean, creates: boolean, deletes: boolean])[] = [
  ['create_calendar', false, false, false],
  ['read_events', true, false, false],
  ['create_event', false, true, false],
  ['delete_event', false, false, true],
  ['read_free_busy', true, false, false],
  ['change_participation_status', false, false, false],
  ['read_only', true, false, false],
  ['write_only', false, true, true],
  ['read_write', true, true, true],
  ['free_busy', true, false, false],
  ['free_busy_write', true, true, true],
  ['read_account', false, false, false],
  ['list_calendars', false, false, false],
  ['event_reminders', false, false, false],
  ['full_access', false, false, false],
  ['read_account list_calendars read_events create_event delete_event', true, true, true],
  ['read_account create_event', false, true, false],
];

const MODES = ['full', 'free_busy', 'no_access'] as const satisfies readonly AccessMode[];

/** What is asked in each of them, and what the answer is where the scope allows it. */
interface Call {
  readonly operation: Operation;
  readonly title: string;
  readonly send: (api: CalendarApi, calendarId: string) => Promise<number>;
  readonly allowed: Readonly<Record<AccessMode, number>>;
}

const all = (status: number): Call['allowed'] => ({ full: status, free_busy: status, no_access: status });
const get = (path: string) => async (api: CalendarApi) => (await api.get(path)).status;
const write = (changes: object) => async (api: CalendarApi, calendarId: string) => (await api.write(calendarId, anEvent(changes))).status;

const CALLS: readonly Call[] = [
  { operation: 'userinfo', title: 'GET /v1/userinfo', send: get('/v1/userinfo'), allowed: all(200) },
  { operation: 'account', title: 'GET /v1/account', send: get('/v1/account'), allowed: all(200) },
  { operation: 'profiles', title: 'GET /v1/profiles', send: get('/v1/profiles'), allowed: all(200) },
  { operation: 'calendars', title: 'GET /v1/calendars', send: get('/v1/calendars'), allowed: all(200) },
  { operation: 'free_busy', title: 'GET /v1/free_busy', send: get('/v1/free_busy?tzid=Etc/UTC'), allowed: all(200) },
  { operation: 'free_busy', title: 'GET /v1/free_busy, without tzid', send: get('/v1/free_busy'), allowed: all(422) },
  { operation: 'free_busy_page', title: 'GET /v1/free_busy/pages/{of nobody}', send: get('/v1/free_busy/pages/x'), allowed: all(404) },
  { operation: 'write_event', title: 'POST an event', send: write({}), allowed: all(202) },
  {
    operation: 'write_event',
    title: 'POST an event with a meeting that the partner made',
    send: write({ conferencing: { profile_id: 'explicit', provider_description: 'Meet', join_url: 'https://meet.example/1' } }),
    allowed: all(202),
  },
  {
    operation: 'write_event',
    title: 'POST an event with the calendar’s own conferencing',
    send: write({ event_id: 'integrated', conferencing: { profile_id: 'integrated' } }),
    allowed: { full: 202, free_busy: 422, no_access: 422 },
  },
  {
    operation: 'write_event',
    title: 'POST an event with a conferencing profile of nobody',
    send: write({ event_id: 'profile', conferencing: { profile_id: 'pro_nobody' } }),
    allowed: all(422),
  },
  { operation: 'write_event', title: 'POST an event without a title', send: write({ summary: '' }), allowed: all(422) },
  { operation: 'write_event', title: 'POST into no calendar', send: (api) => write({})(api, 'cal_nowhere'), allowed: all(404) },
  {
    operation: 'delete_event',
    title: 'DELETE an event',
    send: async (api, calendarId) => (await api.remove(calendarId, { event_id: 'interview-1' })).status,
    allowed: all(202),
  },
  {
    operation: 'delete_event',
    title: 'DELETE without an id',
    send: async (api, calendarId) => (await api.remove(calendarId, {})).status,
    allowed: all(422),
  },
  {
    operation: 'delete_events',
    title: 'DELETE all events',
    send: async (api) => (await api.removeAll({ delete_all: true })).status,
    allowed: all(202),
  },
  {
    operation: 'revoke_profile',
    title: 'POST /v1/profiles/{of nobody}/revoke',
    send: async (api) => (await api.post('/v1/profiles/pro_nobody/revoke', {})).status,
    allowed: all(404),
  },
  {
    operation: 'authorize_conferencing',
    title: 'POST /v1/conferencing_service_authorizations, to nowhere',
    send: async (api) => (await api.post('/v1/conferencing_service_authorizations', { redirect_uri: 'https://nowhere.example/' })).status,
    allowed: all(422),
  },
];

/** Somebody who is connected in a mode, and a token for them. */
interface Connected {
  readonly api: CalendarApi;
  readonly calendarId: string;
  readonly accountId: string;
}

let here: NoAccessWorld;
const connected = new Map<AccessMode, Connected>();

beforeAll(async () => {
  here = await createNoAccessWorld();
});
afterAll(() => here.close());

/** Everybody is connected before the first mail that is not a code. */
async function connectedIn(mode: AccessMode): Promise<Connected> {
  if (connected.size === 0) for (const each of MODES.toReversed()) connected.set(each, await connect(each));
  return connected.get(mode) ?? expect.fail(mode);
}

/** Somebody else in each mode, since the same login in two modes is one profile. */
async function connect(mode: AccessMode): Promise<Connected> {
  const tokens = await (mode === 'no_access' ? here.redeem(await here.connect()) : atGoogle(mode, mode === 'full' ? AMIRA : JONAS));
  const api = calendarApi(here.world, tokens.access_token);
  const calendarId = (await api.calendars()).find((each) => each.calendar_primary)?.calendar_id ?? '';
  return { api, calendarId, accountId: tokens.account_id };
}

async function atGoogle(accessMode: AccessMode, account: string): Promise<TokenBody> {
  const code = await authorizedCode(here.world, {}, { accessMode, account });
  return (await createPartnerServer(here.world).redeem(code, { redirect_uri: CALLBACK })).body;
}

async function giveScope({ accountId }: Connected, scope: string): Promise<void> {
  await here.world.database.execute(`update grants set scope = '${scope}' where account_id = '${accountId}'`);
}

function allows([, reads, creates, deletes]: (typeof SCOPES)[number], operation: Operation): boolean {
  if (operation === 'free_busy' || operation === 'free_busy_page') return reads;
  if (operation === 'write_event') return creates;
  return operation === 'delete_event' || operation === 'delete_events' ? deletes : true;
}

describe.each(MODES)('in mode %s', (mode) => {
  it.each(SCOPES.map((row) => [row[0], row] as const))('a token of scope %s may do what it says, and nothing else', async (scope, row) => {
    const person = await connectedIn(mode);
    await giveScope(person, scope);
    const answers: Record<string, number> = {};
    const expected: Record<string, number> = {};
    for (const { operation, title, send, allowed } of CALLS) {
      answers[title] = await send(person.api, person.calendarId);
      expected[title] = allows(row, operation) ? allowed[mode] : 403;
    }
    expect(answers).toEqual(expected);
  });
});

it('goes through every scope and every call that there is', () => {
  expect(new Set(SCOPES.map(([scope]) => scope).filter((scope) => !scope.includes(' ')))).toEqual(new Set(SCOPE_NAMES));
  expect(new Set(CALLS.map(({ operation }) => operation))).toEqual(new Set(Object.keys(ENDPOINT_ACCESS)));
});

it('is refused with an empty body and says in a header why', async () => {
  const person = await connectedIn('full');
  await giveScope(person, 'create_event');
  const { status, headers, body } = await person.api.get('/v1/free_busy?tzid=Etc/UTC');
  expect([status, headers.get('www-authenticate'), body]).toEqual([403, 'Bearer error="insufficient_scope"', undefined]);
});

it.each(Object.entries(ENDPOINT_ACCESS).map(([operation, { method, path }]) => [operation, method, path] as const))(
  '%s wants a living token before anything else, and never says that a page may read it',
  async (_operation, method, path) => {
    const at = path.replace(/:(calendar|page|profile)/, 'x');
    for (const [authorization, header] of [
      [undefined, 'Bearer'],
      ['Bearer undefined', 'Bearer error="invalid_token"'],
    ] as const) {
      const headers = { origin: 'https://app.partner.example', ...(authorization === undefined ? {} : { authorization }) };
      const answer = await here.world.request(at, { method, headers });
      expect([answer.status, answer.headers.get('www-authenticate'), await answer.text()]).toEqual([401, header, '']);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  },
);
