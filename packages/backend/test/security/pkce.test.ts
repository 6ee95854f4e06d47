import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, newCodeVerifier } from '../../src/oauth/pkce.ts';
import { openPage, type PageSession, type PartnerPage } from '../support/partner-page.ts';
import {
  authorizedCode,
  type AuthorizeChanges,
  authorizePath,
  createPartnerServer,
  type PartnerServer,
} from '../support/partner-server.ts';
import { CALLBACK, createWorld, type World } from '../support/world.ts';

const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } };
const VERIFIER = 'a-verifier-of-at-least-forty-three-characters-0123';
/** RFC 7636, appendix B. */
const VECTOR = { verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk', challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' };

let world: World;
let page: PartnerPage;
let server: PartnerServer;

beforeAll(async () => {
  world = await createWorld();
  page = openPage(world);
  server = createPartnerServer(world);
});
afterAll(() => world.close());

async function refusal(changes: AuthorizeChanges): Promise<string | null> {
  const { status, headers } = await world.request(authorizePath(world, changes));
  expect(status).toBe(302);
  return new URL(headers.get('location') ?? '').searchParams.get('error');
}

/** A code of the element, which a page has. */
async function polledCode(): Promise<{ session: PageSession; code: string }> {
  const session = await page.mint();
  await session.connect();
  return { session, code: (await session.poll()).code ?? '' };
}

/** A code of a redirect, made with a challenge. */
function challengedCode(challenge = challengeOf(VERIFIER)): Promise<string> {
  return authorizedCode(world, { code_challenge: challenge, code_challenge_method: 'S256' });
}

function redeem(code: string, codeVerifier?: string) {
  return server.redeem(code, { redirect_uri: CALLBACK, ...(codeVerifier === undefined ? {} : { code_verifier: codeVerifier }) });
}

describe('the policy', () => {
  it('C01: a page, which has no secret, mints no session without a challenge', async () => {
    for (const body of [{}, { code_challenge: '' }, { code_challenge_method: 'S256' }]) {
      const answer = await page.ask<{ error: string }>('POST', '/connect/sessions', { body });
      expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    }
  });

  it('C01: an application with a secret may leave the challenge out, and its code serves nobody without the secret', async () => {
    const code = await authorizedCode(world);
    const body = { code, code_verifier: VERIFIER };
    expect(await page.ask('POST', '/connect/exchange', { body })).toMatchObject(INVALID_GRANT);
    const forged = createPartnerServer(world, { ...world.application, clientSecret: 'wrong' });
    expect((await forged.redeem(code, { redirect_uri: CALLBACK })).body.error).toBe('invalid_client');
    expect((await redeem(code)).status).toBe(200);
  });

  it('C01: a code with a challenge serves no page either: it is its server’s', async () => {
    const code = await challengedCode();
    expect(await page.ask('POST', '/connect/exchange', { body: { code, code_verifier: VERIFIER } })).toMatchObject(INVALID_GRANT);
  });
});

describe('a challenge', () => {
  it.each(['plain', 's256', 'S512', 'none', undefined, ''])('C02: with the method %j is refused', async (code_challenge_method) => {
    expect(await refusal({ code_challenge: VECTOR.challenge, code_challenge_method })).toBe('invalid_request');
  });

  it.each(['plain', 's256', 'S512'])('C02: of a page with the method %j is refused', async (code_challenge_method) => {
    const body = { code_challenge: VECTOR.challenge, code_challenge_method };
    expect((await page.ask('POST', '/connect/sessions', { body })).status).toBe(400);
  });

  it.each([
    ['none, but a method', undefined],
    ['empty', ''],
    ['of 42 characters', VECTOR.challenge.slice(1)],
    ['of 44 characters', `${VECTOR.challenge}A`],
    ['of 129 characters', 'A'.repeat(129)],
    ['padded', `${VECTOR.challenge}=`],
    ['padded to 43', `${VECTOR.challenge.slice(1)}=`],
    ['with +', `${VECTOR.challenge.slice(1)}+`],
    ['with /', `${VECTOR.challenge.slice(1)}/`],
    ['with a line break', `${VECTOR.challenge}\n`],
    ['with a NUL', `${VECTOR.challenge.slice(1)}\0`],
    ['with a letter of another script', `${VECTOR.challenge.slice(1)}А`],
  ])('C03: that is %s is refused', async (_what, code_challenge) => {
    expect(await refusal({ code_challenge, code_challenge_method: 'S256' })).toBe('invalid_request');
  });

  it('C04: of RFC 7636 is met by its verifier', async () => {
    expect((await redeem(await challengedCode(VECTOR.challenge), VECTOR.verifier)).status).toBe(200);
  });
});

describe('an exchange', () => {
  it.each<[string, string | undefined]>([
    ['no verifier', undefined],
    ['an empty one', ''],
    ['another one', newCodeVerifier()],
    ['the challenge', challengeOf(VERIFIER)],
    ['one of 42 characters', VERIFIER.slice(0, 42)],
    ['one of 129 characters', 'v'.repeat(129)],
    ['one that is cut short', VERIFIER.slice(0, -1)],
    ['one with another character at its end', `${VERIFIER.slice(0, -1)}!`],
    ['one with a line break', `${VERIFIER}\n`],
    ['one with a blank', ` ${VERIFIER}`],
    ['one in capitals', VERIFIER.toUpperCase()],
  ])('C04: with %s is an invalid_grant', async (_what, codeVerifier) => {
    const code = await challengedCode();
    expect(await redeem(code, codeVerifier)).toMatchObject(INVALID_GRANT);
    expect((await redeem(code, VERIFIER)).status).toBe(200);
  });

  it.each<[string, (session: PageSession) => string]>([
    ['its own challenge', (session) => challengeOf(session.verifier)],
    ['one that is too short', () => 'short'],
    ['one of characters that none has', (session) => `${session.verifier.slice(0, -1)}!`],
    ['one that is cut short by a character', (session) => session.verifier.slice(0, -1)],
  ])('C04: by a page with %s is an invalid_grant', async (_what, change) => {
    const { session, code } = await polledCode();
    expect(await session.exchange(code, change(session))).toMatchObject(INVALID_GRANT);
  });

  it.each(['too-short', '!'.repeat(43)])(
    'C04: with a verifier that none can be (%j) of a challenge that hashes it is refused',
    async (short) => {
      expect(await redeem(await challengedCode(challengeOf(short)), short)).toMatchObject(INVALID_GRANT);
    },
  );

  it('C05: with a verifier of a code without a challenge is refused: nobody takes the protection away unnoticed', async () => {
    const code = await authorizedCode(world);
    expect(await redeem(code, VERIFIER)).toMatchObject(INVALID_GRANT);
    expect(await redeem(code, challengeOf(VERIFIER))).toMatchObject(INVALID_GRANT);
  });

  it('C06: with a wrong verifier does no harm four times, and burns the code the fifth time', async () => {
    const code = await challengedCode();
    for (let guess = 0; guess < 4; guess += 1) expect(await redeem(code, newCodeVerifier())).toMatchObject(INVALID_GRANT);
    expect((await redeem(code, VERIFIER)).status).toBe(200);

    const burnt = await challengedCode();
    for (let guess = 0; guess < 12; guess += 1) expect(await redeem(burnt, newCodeVerifier())).toMatchObject(INVALID_GRANT);
    expect(await redeem(burnt, VERIFIER)).toMatchObject(INVALID_GRANT);
  });

  it('C06: with five wrong verifiers at the same instant burns the code as well', async () => {
    const code = await challengedCode();
    await Promise.all(Array.from({ length: 5 }, () => redeem(code, newCodeVerifier())));
    expect(await redeem(code, VERIFIER)).toMatchObject(INVALID_GRANT);
  });

  it('C06: by whoever has no secret counts for nothing: to see a code is not enough to burn it', async () => {
    const code = await challengedCode();
    const forged = createPartnerServer(world, { ...world.application, clientSecret: 'wrong' });
    for (let guess = 0; guess < 6; guess += 1) await forged.redeem(code, { redirect_uri: CALLBACK, code_verifier: newCodeVerifier() });
    expect((await redeem(code, VERIFIER)).status).toBe(200);
  });

  it('C06: by pages burns the code of a page, which then polls for another', async () => {
    const { session, code } = await polledCode();
    for (let guess = 0; guess < 5; guess += 1) expect(await session.exchange(code, newCodeVerifier())).toMatchObject(INVALID_GRANT);
    expect(await session.exchange(code)).toMatchObject(INVALID_GRANT);
    expect((await session.exchange((await session.poll()).code)).status).toBe(200);
  });

  it('C07: of a victim’s code in an attacker’s own attempt is refused: the attacker’s verifier is another', async () => {
    const victims = await challengedCode();
    const attackers = newCodeVerifier();
    expect((await redeem(await challengedCode(challengeOf(attackers)), attackers)).status).toBe(200);
    expect(await redeem(victims, attackers)).toMatchObject(INVALID_GRANT);
    expect((await redeem(victims, VERIFIER)).status).toBe(200);
  });

  it('C07: of one page’s code by another page of the same application is refused', async () => {
    const victim = await polledCode();
    const attacker = await polledCode();
    expect(await attacker.session.exchange(victim.code)).toMatchObject(INVALID_GRANT);
    expect((await victim.session.exchange(victim.code)).status).toBe(200);
  });
});
