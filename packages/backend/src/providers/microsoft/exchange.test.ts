import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import type { ExchangeOutcome } from '../provider.ts';
import {
  CLIENT,
  ENDPOINTS,
  EXCHANGE,
  GOOD_CLAIMS,
  holdsNoSecret,
  KEYS,
  keySet,
  NOW_MS,
  PERSONAL,
  refusal,
  type Script,
  type ScriptedMicrosoft,
  scriptedMicrosoft,
  signIdToken,
  TENANT,
  TOKEN,
  tokenAnswer,
} from './scripted-microsoft.contract.ts';

async function exchangeAt({ provider }: ScriptedMicrosoft): Promise<ExchangeOutcome> {
  return (await provider.connect()).exchange(CLIENT, EXCHANGE);
}

function exchangeWith(token: Script, others: Record<string, Script> = {}): Promise<ExchangeOutcome> {
  return exchangeAt(scriptedMicrosoft({ [TOKEN]: token, ...others }));
}

const answering =
  (changes: object): Script =>
  () =>
    Response.json(tokenAnswer(changes));
const withClaims = (changes: object): string => signIdToken({ ...GOOD_CLAIMS, ...changes });

describe('the exchange of a code at microsoft', () => {
  it('gives who it is and what to act with', async () => {
    const scripted = scriptedMicrosoft();
    expect(await exchangeAt(scripted)).toEqual({
      outcome: 'connected',
      identity: {
        subject: `${TENANT}.${GOOD_CLAIMS.oid}`,
        name: 'jane@example.com',
        email: 'jane@example.com',
        organisation: TENANT,
      },
      credential: {
        accessToken: 'EwB.access-very-secret',
        accessTokenExpiresAtMs: NOW_MS + 3_599_000,
        refreshToken: 'M.refresh-very-secret',
        grantedScopes: ['openid', 'profile', 'email', 'User.Read', 'Calendars.ReadWrite', 'offline_access'],
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
    expect(scripted.asked[0]?.headers.has('origin')).toBe(false);
    expect(holdsNoSecret(scripted.asked.map(({ url }) => url.href))).toBe(true);
  });

  it('takes nobody’s word for an address: an administrator can write any into `email`', async () => {
    const unproven = [{ xms_edov: false }, { xms_edov: 'no' }, {}];
    for (const claims of unproven) {
      expect(await exchangeWith(answering({ id_token: withClaims(claims) }))).toMatchObject({ identity: { email: 'jane@example.com' } });
    }
    for (const claims of [{ xms_edov: true }, { xms_edov: '1' }]) {
      expect(await exchangeWith(answering({ id_token: withClaims(claims) }))).toMatchObject({
        identity: { email: 'somebody.else@victim.example', subject: `${TENANT}.${GOOD_CLAIMS.oid}` },
      });
    }
  });

  it('has a label also where there is no address', async () => {
    const claims = { preferred_username: '+4912345', email: undefined };
    expect(await exchangeWith(answering({ id_token: withClaims(claims) }))).toMatchObject({
      identity: { name: '+4912345', email: undefined },
    });
    const nameless = { ...claims, preferred_username: undefined, name: undefined };
    expect(await exchangeWith(answering({ id_token: withClaims(nameless) }))).toMatchObject({ identity: { name: GOOD_CLAIMS.oid } });
  });

  it('knows that a personal account has no organisation', async () => {
    const claims = { tid: PERSONAL, iss: `${ENDPOINTS.issuerOrigin}/${PERSONAL}/v2.0`, email: 'jane@outlook.com' };
    expect(await exchangeWith(answering({ id_token: withClaims(claims) }))).toMatchObject({
      identity: { subject: `${PERSONAL}.${GOOD_CLAIMS.oid}`, email: 'jane@outlook.com', organisation: undefined },
    });
  });

  it('is content with more than was asked for, however it is spelt', async () => {
    const scope =
      'https://graph.microsoft.com/Calendars.ReadWrite https://graph.microsoft.com/user.read https://graph.microsoft.com/Mail.Read';
    expect(await exchangeWith(answering({ scope }))).toMatchObject({ outcome: 'connected' });
  });

  it.each([['openid profile email User.Read'], [undefined]])(
    'notices what is missing from %j, and hands over what has to be given back',
    async (scope) => {
      expect(await exchangeWith(answering({ scope }))).toMatchObject({
        outcome: 'scopes_missing',
        missing: expect.arrayContaining(['Calendars.ReadWrite']),
        credential: { refreshToken: 'M.refresh-very-secret' },
      });
    },
  );

  it('makes no connection without a refresh token', async () => {
    expect(await exchangeWith(answering({ refresh_token: undefined }))).toMatchObject({ outcome: 'failed', reason: 'no_refresh_token' });
  });

  it.each([
    ['an unknown code', refusal(9_999_999, 'invalid_grant'), { outcome: 'failed', reason: 'provider_refused' }],
    ['an error without a code', { error: 'invalid_client' }, { outcome: 'failed', reason: 'provider_misconfigured' }],
    ['a code in the text alone', { ...refusal(7_000_222, 'invalid_grant'), error_codes: 'x' }, { reason: 'provider_misconfigured' }],
    [
      'a code that we know beside others',
      { ...refusal(65_001, 'invalid_grant'), error_codes: [1, 65_001] },
      { outcome: 'admin_approval_needed' },
    ],
    ['only a suberror', { error: 'invalid_grant', suberror: 'consent_required' }, { outcome: 'admin_approval_needed' }],
    ['something new', { error: 'something_new' }, { outcome: 'failed', reason: 'provider_refused' }],
  ])('reads %s', async (_, body, expected) => {
    const outcome = await exchangeWith(() => Response.json(body, { status: 400 }));
    expect(outcome).toMatchObject(expected);
    expect(holdsNoSecret(outcome)).toBe(true);
  });

  it('takes no outage for a refusal, whatever its body says', async () => {
    for (const status of [429, 500, 503]) {
      const outcome = await exchangeWith(() => Response.json(refusal(70_008, 'invalid_grant'), { status }));
      expect(outcome).toMatchObject({ outcome: 'failed', reason: 'provider_unavailable' });
      expect(outcome).not.toHaveProperty('code');
    }
  });

  it('names the code of a refusal, and that of an outage where it is about outages', async () => {
    const expired = await exchangeWith(() => Response.json(refusal(70_008, 'invalid_grant'), { status: 400 }));
    expect(expired).toMatchObject({ reason: 'provider_refused', code: 'AADSTS70008' });
    const busy = await exchangeWith(() => Response.json(refusal(90_033, 'temporarily_unavailable'), { status: 503 }));
    expect(busy).toMatchObject({ reason: 'provider_unavailable', code: 'AADSTS90033' });
  });

  it.each([[[-50_105]], [[1.5]], [[1e21]], [[7]], [[]]])('takes %j for no code', async (error_codes) => {
    const outcome = await exchangeWith(() =>
      Response.json({ error: 'something_new', error_description: 'x', error_codes }, { status: 400 }),
    );
    expect(outcome).toMatchObject({ outcome: 'failed', reason: 'provider_refused' });
    expect(outcome).not.toHaveProperty('code');
  });

  it.each(Object.entries(NO_ANSWERS))('is unavailable for %s, and sends the code once', async (_, token) => {
    const scripted = scriptedMicrosoft({ [TOKEN]: token });
    const outcome = await exchangeAt(scripted);
    expect(outcome).toMatchObject({ outcome: 'failed', reason: 'provider_unavailable' });
    expect(holdsNoSecret(outcome)).toBe(true);
    expect(scripted.asked).toHaveLength(1);
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

describe('the id token of microsoft', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const nowSeconds = NOW_MS / 1000;
  const other = '0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a';

  it.each([
    ['missing', undefined],
    ['no JWT', 'abc'],
    ['signed by somebody else', signIdToken(GOOD_CLAIMS, {}, stranger.privateKey)],
    ['alg none', `${signIdToken(GOOD_CLAIMS, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
    ['alg HS256', signIdToken(GOOD_CLAIMS, { alg: 'HS256' })],
    ['of a key that Microsoft has not', signIdToken(GOOD_CLAIMS, { kid: 'key-2' })],
    ['naming its own keys', signIdToken(GOOD_CLAIMS, { kid: 'key-2', jku: 'https://evil.example/keys' }, stranger.privateKey)],
    ['of another organisation’s issuer', withClaims({ iss: `${ENDPOINTS.issuerOrigin}/${other}/v2.0` })],
    ['of another organisation than its issuer', withClaims({ tid: other })],
    ['of the issuer that is filled in', withClaims({ iss: `${ENDPOINTS.issuerOrigin}/{tenantid}/v2.0` })],
    ['of an older version', withClaims({ iss: `https://sts.windows.net/${TENANT}/` })],
    ['of another cloud', withClaims({ iss: `https://login.evil.example/${TENANT}/v2.0` })],
    ['of a tenant that leads elsewhere', withClaims({ tid: `${TENANT}/../x`, iss: `${ENDPOINTS.issuerOrigin}/${TENANT}/../x/v2.0` })],
    ['for another client', withClaims({ aud: other })],
    ['of another attempt', withClaims({ nonce: 'nonce-2' })],
    ['without a nonce', withClaims({ nonce: undefined })],
    ['expired', withClaims({ iat: nowSeconds - 3600, exp: nowSeconds - 301 })],
    ['not valid yet', withClaims({ nbf: nowSeconds + 301 })],
    ['without an organisation', withClaims({ tid: undefined })],
    ['without a person', withClaims({ oid: undefined })],
  ])('is not believed when it is %s', async (_, idToken) => {
    const scripted = scriptedMicrosoft({ [TOKEN]: answering({ id_token: idToken }) });
    const outcome = await exchangeAt(scripted);
    expect(outcome).toMatchObject({ outcome: 'failed', reason: 'identity_unverified' });
    expect(holdsNoSecret(outcome)).toBe(true);
    expect(scripted.asked.every(({ url }) => url.host === 'microsoft.example')).toBe(true);
  });

  it.each([
    [`${ENDPOINTS.issuerOrigin}/{tenantid}/v2.0`, 'connected'],
    [`${ENDPOINTS.issuerOrigin}/${TENANT}/v2.0`, 'connected'],
    [undefined, 'connected'],
    [`${ENDPOINTS.issuerOrigin}/${PERSONAL}/v2.0`, 'failed'],
    [`https://login.other-cloud.example/{tenantid}/v2.0`, 'failed'],
  ])('signed with a key of %s ends as %s', async (issuer, outcome) => {
    const keys = { keys: (keySet() as { keys: object[] }).keys.map((key) => ({ ...key, issuer })) };
    expect(await exchangeWith(answering({}), { [KEYS]: () => Response.json(keys) })).toMatchObject({ outcome });
  });

  it.each(Object.entries(NO_ANSWERS))('cannot be judged when the keys are %s', async (_, keys) => {
    expect(await exchangeWith(answering({}), { [KEYS]: keys })).toMatchObject({ outcome: 'failed', reason: 'provider_unavailable' });
  });
});
