import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbound } from '../../src/outbound/outbound.ts';
import { textOf } from '../support/html.ts';
import { type Listening, listenTo } from '../support/listening.ts';
import { type AuthorizeChanges, authorizePath } from '../support/partner-server.ts';
import { CALLBACK, createWorld, type World } from '../support/world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

interface Seen {
  readonly status: number;
  readonly location: URL | undefined;
  readonly cookies: readonly string[];
  readonly text: string;
}

/** Asks with changed parameters, or with more of them behind the good ones. */
async function ask(changes: AuthorizeChanges | string, init?: RequestInit): Promise<Seen> {
  const path = typeof changes === 'string' ? `${authorizePath(world)}${changes}` : authorizePath(world, changes);
  const response = await world.request(path, init);
  const location = response.headers.get('location');
  return {
    status: response.status,
    location: location === null ? undefined : new URL(location),
    cookies: response.headers.getSetCookie(),
    text: await response.text(),
  };
}

/** What the partner is told. */
async function refusal(changes: AuthorizeChanges | string): Promise<Record<string, string>> {
  const { status, location } = await ask(changes);
  expect([status, location?.href]).toEqual([302, expect.stringMatching(`^${CALLBACK}\\?`)]);
  const { error_description: _, ...rest } = Object.fromEntries(location?.searchParams ?? []);
  return rest;
}

function refusedAs(error: string): Record<string, string> {
  return { error, state: 'state-1', iss: world.publicUrl };
}

async function expectPage(changes: AuthorizeChanges | string): Promise<void> {
  const { status, location, cookies, text } = await ask(changes);
  expect([status, location, cookies]).toEqual([400, undefined, []]);
  expect(textOf(text)).toContain('This link does not work');
}

describe('who asks, and where the answer goes', () => {
  it.each([
    ['unknown', 'app_000000000000000000000000'],
    ['no id at all', "' or 1=1 --"],
    ['in capitals', 'UPPER'],
  ])('A01: a client_id that is %s gets a page and never a redirect', async (_what, clientId) => {
    await expectPage({ client_id: clientId === 'UPPER' ? world.application.clientId.toUpperCase() : clientId });
  });

  it.each([
    ['no client_id', { client_id: undefined }],
    ['an empty client_id', { client_id: '' }],
    ['no redirect_uri', { redirect_uri: undefined }],
    ['an empty redirect_uri', { redirect_uri: '' }],
    ['client_id twice', '&client_id=app_000000000000000000000000'],
    ['client_id twice, the second empty', '&client_id='],
    ['redirect_uri twice, both alike', `&redirect_uri=${encodeURIComponent(CALLBACK)}`],
    ['redirect_uri twice', '&redirect_uri=https://evil.example/'],
    ['client_id as a list', { client_id: undefined, 'client_id[]': 'ID' }],
    ['redirect_uri as a list', { redirect_uri: undefined, 'redirect_uri[]': CALLBACK }],
    ['redirect_uri as an object', { redirect_uri: undefined, 'redirect_uri[0]': CALLBACK }],
  ])('A02: %s gets a page, and neither value is taken', async (_what, changes: AuthorizeChanges | string) => {
    const own = { 'client_id[]': world.application.clientId };
    await expectPage(typeof changes === 'object' && 'client_id[]' in changes ? { ...changes, ...own } : changes);
  });

  it.each([
    ['response_type', '&response_type=code', true],
    ['response_type, the second empty', '&response_type=', true],
    ['scope', '&scope=free_busy', true],
    ['code_challenge', '&code_challenge=a&code_challenge=b', true],
    ['code_challenge_method', '&code_challenge_method=S256&code_challenge_method=plain', true],
    ['provider_name', '&provider_name=google&provider_name=google_free_busy', true],
    ['prompt', '&prompt=none&prompt=consent', true],
    ['state', '&state=other', false],
    ['state, both alike', '&state=state-1', false],
  ])('A02: %s twice is an invalid_request, and neither value is taken', async (_what, more, keepsState) => {
    const { state: _, ...stateless } = refusedAs('invalid_request');
    expect(await refusal(more)).toEqual(keepsState ? refusedAs('invalid_request') : stateless);
  });

  it.each([['response_type', undefined, 'invalid_request'] as const, ['response_type', '', 'invalid_request'] as const])(
    'A02: without %s (%j) is refused by redirect',
    async (name, value, error) => {
      expect(await refusal({ [name]: value })).toEqual(refusedAs(error));
    },
  );

  it.each(['token', 'id_token', 'code token', 'token code', 'code id_token', 'none', 'CODE', 'code '])(
    'A03: response_type=%j is an unsupported_response_type, and no token is in the answer',
    async (response_type) => {
      expect(await refusal({ response_type })).toEqual(refusedAs('unsupported_response_type'));
    },
  );

  it.each(['fragment', 'form_post', 'web_message', 'query.jwt', 'jwt', 'Query'])(
    'A04: response_mode=%s is refused, by query and never in a fragment',
    async (response_mode) => {
      expect(await refusal({ response_mode })).toEqual(refusedAs('invalid_request'));
      expect((await ask({ response_mode })).location?.hash).toBe('');
    },
  );
});

describe('what is asked for', () => {
  it.each([
    'read_mail',
    'openid',
    'free_busy_write"',
    'free_busy\\',
    'free_busy\nread_only',
    'free_busy\0',
    'free_busy,read_only',
    'FREE_BUSY',
    'service_account/accounts/manage',
    'x'.repeat(10_000),
  ])('A05: the scope %j is an invalid_scope', async (scope) => {
    expect(await refusal({ scope })).toEqual(refusedAs('invalid_scope'));
  });

  it('A05: a scope beyond the one an application was registered with is an invalid_scope, and one within is not', async () => {
    const { clientId } = await world.register({ scope: 'read_only free_busy_write' });
    for (const scope of ['read_write', 'free_busy_write create_calendar', 'read_only change_participation_status']) {
      expect(await refusal({ client_id: clientId, scope })).toEqual(refusedAs('invalid_scope'));
    }
    for (const scope of [undefined, 'read_events free_busy_write', 'read_account list_calendars read_events create_event delete_event']) {
      expect((await ask({ client_id: clientId, scope })).status).toBe(200);
    }
  });

  it.each([
    'read_write',
    'read_account read_events create_event delete_event',
    'read_account list_calendars read_events create_event delete_event',
  ])('A05: an application registered without a scope may ask for %j, as SDKs do', async (scope) => {
    expect((await ask({ scope })).status).toBe(200);
  });

  it('A05: a page cannot ask for more than its application may, either', async () => {
    const { clientId } = await world.register({ scope: 'free_busy create_event' });
    const body = JSON.stringify({ code_challenge: 'A'.repeat(43), code_challenge_method: 'S256', scope: 'read_write' });
    const headers = { origin: 'https://app.partner.example', 'content-type': 'application/json' };
    const answer = await world.request(`/connect/sessions?client_id=${clientId}`, { method: 'POST', headers, body });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_request' }]);
  });

  it('A07: parameters that nobody knows are ignored, also twice', async () => {
    const more = { avoid_linking: 'True', nonce: 'n', access_mode: 'full', next: '//elsewhere.example', max_age: '0', claims: '{}' };
    expect((await ask(more)).status).toBe(200);
    expect((await ask('&nonce=1&nonce=2&x[]=1&x[]=2')).status).toBe(200);
  });

  it.each(['none', 'none consent', 'login none'])(
    'A08: prompt=%j is an interaction_required, because a person has to choose',
    async (prompt) => {
      expect(await refusal({ prompt })).toEqual(refusedAs('interaction_required'));
    },
  );

  it('A08: prompt=consent goes on', async () => {
    expect((await ask({ prompt: 'consent' })).status).toBe(200);
  });

  it('A09: HEAD begins nothing and says nothing, and no other method is there', async () => {
    const head = await ask({}, { method: 'HEAD' });
    expect([head.status, head.cookies, head.text]).toEqual([200, [], '']);
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await ask({}, { method })).status).toBe(404);
  });

  it('A09: a browser without cookies ends at a page that says so, and reaches no provider', async () => {
    const chooser = await world.browser().visit(`${world.publicUrl}${authorizePath(world)}`);
    const blocked = await world.browser().submit(chooser, { press: 'Continue', choose: { access_mode: 'full' } });
    expect([blocked.status, textOf(blocked.text)]).toEqual([403, expect.stringContaining('opened in another browser')]);
  });

  it.each([
    ['request', 'http://127.0.0.1:1/jar', 'request_not_supported'],
    ['request', 'eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9.', 'request_not_supported'],
    ['request_uri', 'http://127.0.0.1:1/jar', 'request_uri_not_supported'],
    ['request_uri', 'https://evil.example/jar.jwt', 'request_uri_not_supported'],
    ['request_uri', 'file:///etc/passwd', 'request_uri_not_supported'],
  ])('A17: %s=%s fetches nothing and is refused as %s', async (name, value, error) => {
    expect(await refusal({ [name]: value })).toEqual(refusedAs(error));
  });

  it('A18: pushed requests do not exist here: their urn is refused, there is no endpoint, and the metadata names none', async () => {
    const urn = 'urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c';
    expect(await refusal({ request_uri: urn })).toEqual(refusedAs('request_uri_not_supported'));
    await expectPage({ redirect_uri: undefined, request_uri: urn });
    expect((await world.request('/oauth/par', { method: 'POST' })).status).toBe(404);
    const metadata: object = await (await world.request('/.well-known/oauth-authorization-server')).json();
    expect(metadata).toMatchObject({ request_uri_parameter_supported: false, request_parameter_supported: false });
    expect(Object.keys(metadata).filter((name) => name.includes('pushed'))).toEqual([]);
  });
});

let listening: Listening;
beforeAll(async () => {
  listening = await listenTo(world);
});
afterAll(() => listening.close());

describe('many links', () => {
  it('begin 120 sessions a minute at one address, and then tell the person to wait', async () => {
    const { clientId } = await world.register({ name: 'Other' });
    const open = (client_id: string) =>
      fetch(`${listening.url}${authorizePath(world, { client_id })}`, { headers: { accept: 'text/html' } });
    const statuses: number[] = [];
    for (let time = 0; time < 121; time += 1) statuses.push((await open(clientId)).status);
    expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([120, 429]);
    const refused = await open(clientId);
    expect([Number(refused.headers.get('retry-after')) > 0, textOf(await refused.text())]).toEqual([
      true,
      expect.stringContaining('Too many requests'),
    ]);
    expect((await open(world.application.clientId)).status).toBe(200);
    world.clock.pass({ minutes: 1 });
    expect((await open(clientId)).status).toBe(200);
  });
});

describe('a huge query', () => {
  it.each([
    ['16 kB', `&x=${'y'.repeat(16 * 1024)}`],
    ['64 kB', `&x=${'y'.repeat(64 * 1024)}`],
    ['5,000 parameters', '&x=12'.repeat(5000)],
    ['100,000 percent signs', '%'.repeat(100_000)],
  ])('A20: of %s is refused before anything is looked up', async (_what, more) => {
    const { status, location, text } = await ask(more);
    expect([status, location, textOf(text)]).toEqual([
      400,
      undefined,
      expect.stringContaining('The address that you were sent to is too long.'),
    ]);
  });

  it('A20: as long as the limit allows, of many parameters, is answered', async () => {
    expect((await ask('&x=1'.repeat(3500))).status).toBe(200);
  });

  it('A20: over the network is refused by Node already', async () => {
    const address = new URL(authorizePath(world, { x: 'y'.repeat(64 * 1024) }), listening.url);
    expect((await createOutbound().fetch(address)).status).toBe(431);
  });
});
