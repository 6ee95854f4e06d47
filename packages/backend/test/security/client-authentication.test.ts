import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCalendarConnect, openSqlite } from '../../src/index.ts';
import { readAnswer } from '../support/partner-page.ts';
import type { TokenBody } from '../support/partner-server.ts';
import { createWorld, KEYS, type World } from '../support/world.ts';
import { type CountedWork, countWork } from './counted-work.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
/** With good credentials, this is an `invalid_grant`. */
const REFRESH = { grant_type: 'refresh_token', refresh_token: 'x' };
const NOBODY = 'app_000000000000000000000000';

let world: World;
let id: string;
let secret: string;

beforeAll(async () => {
  world = await createWorld({ database: 'file' });
  id = world.application.clientId;
  secret = world.application.clientSecret;
});
afterAll(() => world.close());
// So many wrong secrets in one minute would meet the limits.
beforeEach(() => world.clock.pass({ minutes: 2 }));

async function post(fields: object | string, headers: Record<string, string> = {}) {
  const body = typeof fields === 'string' ? fields : JSON.stringify(fields);
  return readAnswer<TokenBody>(await world.request('/oauth/token', { method: 'POST', body, headers: { ...JSON_TYPE, ...headers } }));
}

function basic(text: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(text).toString('base64')}` };
}

describe('HTTP Basic', () => {
  const encoded = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

  it('D04: is decoded as the RFC says: each part was form-encoded before', async () => {
    for (const text of [`${id}:${secret}`, `${encoded(id)}:${encoded(secret)}`, `${encoded(id).toUpperCase()}:${secret}`]) {
      expect((await post(REFRESH, basic(text))).body.error).toBe('invalid_grant');
    }
  });

  it.each<[string, () => string]>([
    ['a colon behind the secret', () => `${id}:${secret}:`],
    ['a colon before it', () => `${id}::${secret}`],
    ['a lone percent sign', () => `${id}%:${secret}`],
    ['percent signs that mean nothing', () => `${id}:${secret}%zz`],
    ['a plus, which is a blank', () => `${id}:${secret}+`],
    ['an encoded blank', () => `${id}:%20${secret}`],
    ['letters beyond ASCII', () => 'ü:ü+'],
    ['bytes that are no UTF-8 once decoded', () => `${id}:%ff%fe`],
    ['a NUL', () => `${id}\0:${secret}`],
    ['no colon', () => id + secret],
    ['nothing', () => ''],
    ['a colon only', () => ':'],
    ['no secret', () => `${id}:`],
    ['no id', () => `:${secret}`],
    ['what was encoded twice', () => `${encoded(encoded(id))}:${secret}`],
  ])('D04: with %s is an invalid_client', async (_what, text) => {
    expect((await post(REFRESH, basic(text()))).body.error).toBe('invalid_client');
  });

  it.each(['Basic !', 'Basic', 'Basic ', 'Basic  eDp5', 'Basic eDp5 eDp5', 'Digest username="x"', 'Negotiate x'])(
    'D04: written as %j is an invalid_client',
    async (authorization) => {
      expect((await post(REFRESH, { authorization })).body.error).toBe('invalid_client');
    },
  );

  it('wrong is answered with 401 and asked for again', async () => {
    const answer = await post(REFRESH, basic(`${id}:wrong`));
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="calendar-connect"']);
  });

  it('together with a secret in the body, or with another client_id there, is refused', async () => {
    const header = basic(`${id}:${secret}`);
    expect((await post({ ...REFRESH, client_id: id, client_secret: secret }, header)).body.error).toBe('invalid_request');
    expect((await post({ ...REFRESH, client_id: 'app_other' }, header)).body.error).toBe('invalid_request');
  });
});

describe('an assertion', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = 1_793_600_000;
  const claims = { iss: 'ID', sub: 'ID', aud: 'https://connect.partner.example', jti: '1', iat: now, exp: now + 60 };

  it.each([
    ['alg none', { alg: 'none' }, claims, ''],
    ['HS256 over the secret', { alg: 'HS256' }, claims, 'c2lnbmF0dXJl'],
    ['the token endpoint for its audience', { alg: 'RS256' }, { ...claims, aud: 'https://connect.partner.example/oauth/token' }, 'eA'],
    ['several audiences', { alg: 'ES256' }, { ...claims, aud: ['https://connect.partner.example', 'https://evil.example'] }, 'eA'],
    ['a year to live', { alg: 'RS256' }, { ...claims, exp: now + 31_536_000 }, 'eA'],
  ])('D11: with %s proves nothing: no assertion is taken here', async (_what, header, body, signature) => {
    const client_assertion = `${part(header)}.${part({ ...body, iss: id, sub: id })}.${signature}`;
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    for (const more of [{}, { client_id: id }, { client_id: id, client_secret: '' }]) {
      const answer = await post({ ...REFRESH, ...more, client_assertion, client_assertion_type });
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client' } });
    }
  });

  it('D11: is not offered: the metadata names the two ways to show a secret, and nothing else', async () => {
    const metadata: object = await (await world.request('/.well-known/oauth-authorization-server')).json();
    const ways = ['client_secret_post', 'client_secret_basic'];
    expect(metadata).toMatchObject({ token_endpoint_auth_methods_supported: ways, revocation_endpoint_auth_methods_supported: ways });
    expect(Object.keys(metadata).filter((name) => name.includes('signing_alg'))).toEqual([]);
  });
});

describe('a secret', () => {
  it('F03: that is wrong, and a client that is unknown, get the same answer to the letter', async () => {
    const wrong = [`${secret.slice(0, -1)}~`, `~${secret.slice(1)}`, 'wrong'];
    const answers = await Promise.all([
      ...wrong.map((client_secret) => post({ ...REFRESH, client_id: id, client_secret })),
      ...wrong.map((client_secret) => post({ ...REFRESH, client_id: NOBODY, client_secret })),
    ]);
    for (const { status, body, headers } of answers) {
      expect([status, body]).toEqual([400, answers[0]?.body]);
      expect([...headers.keys()]).toEqual([...(answers[0]?.headers.keys() ?? [])]);
    }
    expect(answers[0]?.body.error).toBe('invalid_client');
  });

  it.each([['""'], ['null'], ['"undefined"'], ['"null"'], ['[]'], ['{}'], ['true'], ['0'], ['" "'], ['"*"']])(
    'F04: %s is none',
    async (value) => {
      for (const client of [id, '', NOBODY]) {
        const { status, body } = await post(
          `{"grant_type":"refresh_token","refresh_token":"x","client_id":"${client}","client_secret":${value}}`,
        );
        expect([status, body.error]).toEqual([400, ['[]', '{}', '0'].includes(value) ? 'invalid_request' : 'invalid_client']);
      }
    },
  );

  it('F04: of another application, its own hash, or itself changed by a character is none', async () => {
    const other = await world.register({ name: 'Other' });
    const hash = createHash('sha256').update(secret).digest('base64url');
    for (const client_secret of [other.clientSecret, hash, secret.toLowerCase(), `${secret} `, `${secret}\n`, secret.slice(0, -1)]) {
      expect((await post({ ...REFRESH, client_id: id, client_secret })).body.error).toBe('invalid_client');
    }
    expect((await post({ ...REFRESH, client_id: id, client_secret: secret })).body.error).toBe('invalid_grant');
  });

  it('F07: is 256 random bits, which nobody can guess through, so that a plain SHA-256 of it is kept and compared', async () => {
    const [row] = await world.database.execute(`select secret_hash from applications where id = '${id}'`);
    expect(row).toEqual({ secret_hash: createHash('sha256').update(secret).digest('base64url') });
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    const others = await Promise.all(Array.from({ length: 20 }, () => world.register()));
    expect(new Set(others.map(({ clientSecret }) => clientSecret)).size).toBe(20);
  });
});

describe('the work behind a refusal', () => {
  let counted: CountedWork;
  afterEach(() => counted.restore());

  it('F03: is the same for a secret wrong from its first or its last character, and for a client that is unknown', async () => {
    counted = countWork(openSqlite({ file: ':memory:' }));
    const connect = await createCalendarConnect({
      publicUrl: 'https://connect.example',
      database: counted.engine,
      keys: KEYS,
      providers: [],
      // It stands, so that an application that was known stays so.
      now: () => 1_793_600_000_000,
    });
    const { application, clientSecret } = await connect.applications.create({ name: 'Planner', redirectUris: [], origins: [] });
    const refused = (client_id: string, client_secret: string, error = 'invalid_client') =>
      counted.of(async () => {
        const body = JSON.stringify({ ...REFRESH, client_id, client_secret });
        const answer = await connect.app.request('/oauth/token', { method: 'POST', headers: JSON_TYPE, body });
        expect(await answer.json()).toMatchObject({ error });
      });
    const wrong = [`~${clientSecret.slice(1)}`, `${clientSecret.slice(0, -1)}~`];
    const unknown = await refused(NOBODY, clientSecret);
    expect(unknown).toMatchObject({ hashes: expect.any(Number), comparisons: 2 });
    expect(unknown.hashes).toBeGreaterThan(0);
    for (const wrongSecret of wrong) expect(await refused(application.id, wrongSecret)).toEqual(unknown);
    // From here on the application is known, and whoever shows its secret is asked for nothing more.
    expect(await refused(application.id, clientSecret, 'invalid_grant')).toMatchObject({ comparisons: 1 });
    for (const wrongSecret of wrong) expect(await refused(application.id, wrongSecret)).toEqual(unknown);
    await connect.close();
  });
});
