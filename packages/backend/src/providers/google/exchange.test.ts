import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { ExchangeOutcome } from '../provider.ts';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import {
  CLIENT,
  EXCHANGE,
  GOOD_CLAIMS,
  GOOGLE_KEY,
  holdsNoSecret,
  keySet,
  NOW_MS,
  type Script,
  type ScriptedGoogle,
  scriptedGoogle,
  signIdToken,
  tokenAnswer,
} from './scripted-google.contract.ts';

const PREFIX = 'https://www.googleapis.com/auth/';

async function exchangeAt({ provider }: ScriptedGoogle): Promise<ExchangeOutcome> {
  return (await provider.connect()).exchange(CLIENT, EXCHANGE);
}

function exchangeWith(token: Script, others: Record<string, Script> = {}): Promise<ExchangeOutcome> {
  return exchangeAt(scriptedGoogle({ '/token': token, ...others }));
}

const answering =
  (changes: object): Script =>
  () =>
    Response.json(tokenAnswer(changes));
const refusing =
  (error: string, status: number): Script =>
  () =>
    Response.json({ error, error_description: 'jane@example.com' }, { status });

describe('the exchange of a code at google', () => {
  it('gives who it is and what to act with', async () => {
    const scripted = scriptedGoogle();
    expect(await exchangeAt(scripted)).toEqual({
      outcome: 'connected',
      identity: { subject: GOOD_CLAIMS.sub, name: 'jane@example.com', email: 'jane@example.com', organisation: undefined },
      credential: {
        accessToken: 'ya29.access-very-secret',
        accessTokenExpiresAtMs: NOW_MS + 3_599_000,
        refreshToken: '1//refresh-very-secret',
        grantedScopes: [
          'openid',
          'email',
          `${PREFIX}calendar.events`,
          `${PREFIX}calendar.calendarlist.readonly`,
          `${PREFIX}calendar.freebusy`,
        ],
        endsAtMs: undefined,
      },
    });
    expect(scripted.asked[0]).toMatchObject({
      method: 'POST',
      form: {
        grant_type: 'authorization_code',
        code: EXCHANGE.code,
        redirect_uri: EXCHANGE.redirectUri,
        code_verifier: EXCHANGE.codeVerifier,
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
      },
    });
    expect(holdsNoSecret(scripted.asked.map(({ url }) => url.href))).toBe(true);
  });

  it('says when access that was given for a time ends', async () => {
    expect(await exchangeWith(answering({ refresh_token_expires_in: 86_400 }))).toMatchObject({
      credential: { endsAtMs: NOW_MS + 86_400_000 },
    });
  });

  it('names the organisation, and trusts no address that Google did not verify', async () => {
    const claims = { ...GOOD_CLAIMS, hd: 'example.com', email_verified: false };
    expect(await exchangeWith(answering({ id_token: signIdToken(claims) }))).toMatchObject({
      identity: { name: GOOD_CLAIMS.sub, email: undefined, organisation: 'example.com' },
    });
  });

  it('notices boxes that were left unticked, and hands over what has to be given back', async () => {
    expect(await exchangeWith(answering({ scope: `openid email ${PREFIX}calendar.freebusy` }))).toMatchObject({
      outcome: 'scopes_missing',
      missing: [`${PREFIX}calendar.events`, `${PREFIX}calendar.calendarlist.readonly`],
      identity: { subject: GOOD_CLAIMS.sub },
      credential: { refreshToken: '1//refresh-very-secret' },
    });
  });

  it('believes in no box that the answer does not name', async () => {
    expect(await exchangeWith(answering({ scope: undefined }))).toMatchObject({ outcome: 'scopes_missing' });
  });

  it('makes no connection without a refresh token', async () => {
    expect(await exchangeWith(answering({ refresh_token: undefined }))).toMatchObject({ outcome: 'failed', reason: 'no_refresh_token' });
  });

  it.each([
    ['invalid_grant', 400, 'provider_refused'],
    ['invalid_client', 401, 'provider_misconfigured'],
    ['unauthorized_client', 401, 'provider_misconfigured'],
    ['redirect_uri_mismatch', 400, 'provider_misconfigured'],
    ['invalid_scope', 400, 'provider_misconfigured'],
    ['admin_policy_enforced', 400, 'admin_policy_enforced'],
    ['access_denied', 403, 'provider_refused'],
    ['something_new', 400, 'provider_refused'],
    ['invalid_grant', 429, 'provider_unavailable'],
  ])('reads %s with %d as %s', async (error, status, reason) => {
    const outcome = await exchangeWith(refusing(error, status));
    expect(outcome).toMatchObject({ outcome: 'failed', reason });
    expect(holdsNoSecret(outcome)).toBe(true);
  });

  it.each(Object.entries(NO_ANSWERS))('is unavailable for %s, and sends the code once', async (_, token) => {
    const scripted = scriptedGoogle({ '/token': token });
    const outcome = await exchangeAt(scripted);
    expect(outcome).toMatchObject({ outcome: 'failed', reason: 'provider_unavailable' });
    expect(holdsNoSecret(outcome)).toBe(true);
    expect(scripted.asked).toHaveLength(1);
  });

  it('goes through our door whatever proxy the environment names', async () => {
    vi.stubEnv('HTTPS_PROXY', 'no proxy at all');
    expect(await exchangeAt(scriptedGoogle())).toMatchObject({ outcome: 'connected' });
    vi.unstubAllEnvs();
  });

  it('makes a connection of no answer but tokens', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.integer({ min: 200, max: 599 }), async (body, status) => {
        const withoutBody = [204, 205, 304].includes(status);
        const outcome = await exchangeWith(() => new Response(withoutBody ? null : JSON.stringify(body), { status }));
        expect(outcome.outcome).toBe('failed');
      }),
      { numRuns: 50 },
    );
  });
});

describe('the id token of google', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const nowSeconds = NOW_MS / 1000;
  const hour = 3600;
  const withClaims = (changes: object): string => signIdToken({ ...GOOD_CLAIMS, ...changes });

  it.each([
    ['missing', undefined],
    ['no JWT', 'abc'],
    ['no JSON', 'e30.???.x'],
    ['signed by somebody else', signIdToken(GOOD_CLAIMS, {}, stranger.privateKey)],
    [
      'changed after signing',
      signIdToken().replace(/\.[^.]+\./, `.${Buffer.from(JSON.stringify({ ...GOOD_CLAIMS, sub: '2' })).toString('base64url')}.`),
    ],
    ['alg none', `${signIdToken(GOOD_CLAIMS, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
    ['alg HS256', signIdToken(GOOD_CLAIMS, { alg: 'HS256' })],
    ['alg RS512', signIdToken(GOOD_CLAIMS, { alg: 'RS512' })],
    ['of a key that Google has not', signIdToken(GOOD_CLAIMS, { kid: 'key-2' })],
    ['without a key', signIdToken(GOOD_CLAIMS, { kid: undefined })],
    [
      'naming its own keys',
      signIdToken(GOOD_CLAIMS, { kid: 'key-2', jku: 'https://evil.example/keys', x5u: 'https://evil.example/cert' }, stranger.privateKey),
    ],
    [
      'bringing its own key',
      signIdToken(GOOD_CLAIMS, { kid: 'key-2', jwk: stranger.publicKey.export({ format: 'jwk' }) }, stranger.privateKey),
    ],
    ['with rules we do not know', signIdToken(GOOD_CLAIMS, { crit: ['b64'] })],
    ['of another issuer', withClaims({ iss: 'https://accounts.evil.example' })],
    ['of the real issuer at an emulator', withClaims({ iss: 'accounts.google.com' })],
    ['for another client', withClaims({ aud: 'client-2' })],
    ['for several clients', withClaims({ aud: [CLIENT.clientId, 'client-2'] })],
    ['issued to another client', withClaims({ azp: 'client-2' })],
    ['of another attempt', withClaims({ nonce: 'nonce-2' })],
    ['without a nonce', withClaims({ nonce: undefined })],
    ['expired', withClaims({ iat: nowSeconds - hour, exp: nowSeconds - 301 })],
    ['of the future', withClaims({ iat: nowSeconds + 301 })],
    ['a week old and valid for a year', withClaims({ iat: nowSeconds - 7 * 24 * hour, exp: nowSeconds + 365 * 24 * hour })],
    ['without an end', withClaims({ exp: undefined })],
    ['with an end that is no number', withClaims({ exp: '9999999999' })],
    ['without a subject', withClaims({ sub: '' })],
    ['endless', withClaims({ name: 'x'.repeat(20_000) })],
  ])('is not believed when it is %s', async (_, idToken) => {
    const scripted = scriptedGoogle({ '/token': answering({ id_token: idToken }) });
    const outcome = await exchangeAt(scripted);
    expect(outcome).toMatchObject({ outcome: 'failed', reason: 'identity_unverified' });
    expect(holdsNoSecret(outcome)).toBe(true);
    expect(scripted.asked.every(({ url }) => url.host === 'google.example')).toBe(true);
  });

  it('is believed within the skew of two clocks', async () => {
    const idToken = withClaims({ iat: nowSeconds + 299, exp: nowSeconds - 299, aud: [CLIENT.clientId], azp: undefined });
    expect(await exchangeWith(answering({ id_token: idToken }))).toMatchObject({ outcome: 'connected' });
  });

  it('may spell the real issuer in both ways', async () => {
    for (const iss of ['https://accounts.google.com', 'accounts.google.com']) {
      const { issuer: _, ...endpoints } = { issuer: '', token: 'https://google.example/token', keys: 'https://google.example/keys' };
      const scripted = scriptedGoogle({ '/token': answering({ id_token: withClaims({ iss }) }) }, { endpoints });
      expect(await exchangeAt(scripted)).toMatchObject({ outcome: 'connected' });
    }
  });

  it.each([...Object.entries(NO_ANSWERS), ['an endless set', () => Response.json({ keys: [{ x: 'x'.repeat(100_000) }] })] as const])(
    'cannot be judged when the keys are %s',
    async (_, keys) => {
      expect(await exchangeWith(answering({}), { '/keys': keys })).toMatchObject({ outcome: 'failed', reason: 'provider_unavailable' });
    },
  );
});

describe('the keys of google', () => {
  const keyRequests = ({ asked }: ScriptedGoogle): number => asked.filter(({ url }) => url.pathname === '/keys').length;

  it('are fetched once for as long as their headers say', async () => {
    const scripted = scriptedGoogle();
    await Promise.all([exchangeAt(scripted), exchangeAt(scripted)]);
    scripted.now += 599_000;
    await exchangeAt(scripted);
    expect(keyRequests(scripted)).toBe(1);
    scripted.now += 1_000;
    await exchangeAt(scripted);
    expect(keyRequests(scripted)).toBe(2);
  });

  it('are fetched again for a key that came in early, but not at everybody’s wish', async () => {
    const scripted = scriptedGoogle();
    await exchangeAt(scripted);
    scripted.script['/keys'] = () => Response.json(keySet('key-2', GOOGLE_KEY.publicKey));
    scripted.script['/token'] = answering({ id_token: signIdToken(GOOD_CLAIMS, { kid: 'key-2' }) });
    expect(await exchangeAt(scripted)).toMatchObject({ reason: 'identity_unverified' });
    expect(keyRequests(scripted)).toBe(1);
    scripted.now += 60_000;
    expect(await exchangeAt(scripted)).toMatchObject({ outcome: 'connected' });
    expect(keyRequests(scripted)).toBe(2);
  });
});
