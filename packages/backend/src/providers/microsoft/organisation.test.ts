import { describe, expect, it } from 'vitest';
import { NO_ANSWERS } from '../no-answers.contract.ts';
import type { OrganisationReading } from '../admin-approval.ts';
import { ENDPOINTS, PERSONAL, refusal, type Script, scriptedMicrosoft, TENANT } from './scripted-microsoft.contract.ts';

const DOCUMENT = '/partner.example/v2.0/.well-known/openid-configuration';
const issuedBy =
  (issuer: unknown): Script =>
  () =>
    Response.json({ issuer });

async function find(emailOrDomain: string, script: Record<string, Script> = {}) {
  const scripted = scriptedMicrosoft(script);
  const part = await scripted.provider.adminApproval?.();
  const reading: OrganisationReading | undefined = await part?.findOrganisation(emailOrDomain);
  return { reading, asked: scripted.asked.map(({ url }) => url.href) };
}

describe('the organisation of an address', () => {
  it.each(['amira@partner.example', 'partner.example', ' Amira.O@Haddad@PARTNER.example '])(
    'is what the directory says of its domain: %s',
    async (address) => {
      const { reading, asked } = await find(address, { [DOCUMENT]: issuedBy(`${ENDPOINTS.issuerOrigin}/${TENANT}/v2.0`) });
      expect(reading).toEqual({ outcome: 'found', organisation: TENANT });
      expect(asked).toEqual([`${ENDPOINTS.tokenAuthority}${DOCUMENT}`]);
    },
  );

  it('is asked for as the domain name system writes it', async () => {
    const { asked } = await find('jürgen@bücher.example');
    expect(asked).toEqual([`${ENDPOINTS.tokenAuthority}/xn--bcher-kva.example/v2.0/.well-known/openid-configuration`]);
  });

  it.each([
    'amira',
    '',
    'amira@',
    'amira@localhost',
    'amira@-partner.example',
    'amira@partner..example',
    'amira@partner.example/../common',
    'amira@partner.example?x=1',
    'amira@partner.example#x',
    'amira@partner.example:443',
    'amira@127.0.0.1',
    'amira@[::1]',
    'amira@partner.example\r\nhost: x',
    `amira@${'a'.repeat(64)}.example`,
    `${'a'.repeat(320)}@partner.example`,
    'organizations',
  ])('is unknown, and nobody is asked, for %j', async (address) => {
    expect(await find(address)).toEqual({ reading: { outcome: 'unknown' }, asked: [] });
  });

  it.each(['jonas@outlook.com', 'jonas@hotmail.co.uk', 'jonas@live.de', 'jonas@msn.com', 'outlook.com.br'])(
    'is none for the personal address %s, and nobody is asked',
    async (address) => {
      expect(await find(address)).toEqual({ reading: { outcome: 'personal' }, asked: [] });
    },
  );

  it('is none where the domain is one of personal accounts', async () => {
    const { reading } = await find('x@partner.example', { [DOCUMENT]: issuedBy(`${ENDPOINTS.issuerOrigin}/${PERSONAL}/v2.0`) });
    expect(reading).toEqual({ outcome: 'personal' });
  });

  it.each([90_002, 900_023])('is unknown when the directory answers AADSTS%d', async (code) => {
    const { reading } = await find('x@partner.example', {
      [DOCUMENT]: () => Response.json(refusal(code, 'invalid_request'), { status: 400 }),
    });
    expect(reading).toEqual({ outcome: 'unknown' });
  });

  it.each([
    `https://login.evil.example/${TENANT}/v2.0`,
    `${ENDPOINTS.issuerOrigin}.evil.example/${TENANT}/v2.0`,
    `${ENDPOINTS.issuerOrigin}/{tenantid}/v2.0`,
    `${ENDPOINTS.issuerOrigin}/${TENANT}/v2.0/x`,
    7,
  ])('is not taken from the issuer %j', async (issuer) => {
    const { reading } = await find('x@partner.example', { [DOCUMENT]: issuedBy(issuer) });
    expect(reading).toMatchObject({ outcome: 'unavailable' });
  });

  it.each(Object.entries(NO_ANSWERS))('is not known for now when the answer is %s', async (_, answer) => {
    expect((await find('x@partner.example', { [DOCUMENT]: answer })).reading).toMatchObject({ outcome: 'unavailable' });
  });
});
