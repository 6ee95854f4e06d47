import { describe, expect, it } from 'vitest';
import type { AdminApproval } from '../admin-approval.ts';
import {
  CLIENT,
  ENDPOINTS,
  EXCHANGE,
  holdsNoSecret,
  refusal,
  scriptedMicrosoft,
  TENANT,
  tokenAnswer,
} from './scripted-microsoft.contract.ts';

const REDIRECT = { redirectUri: EXCHANGE.redirectUri, state: 'state&1' };
const PROOF = { mode: 'full' as const, ...REDIRECT, nonce: EXCHANGE.nonce, codeVerifier: EXCHANGE.codeVerifier };

async function partOf({ provider } = scriptedMicrosoft()): Promise<AdminApproval> {
  const part = await provider.adminApproval?.();
  if (part === undefined) throw new Error('there is no such part');
  return part;
}
const part = await partOf();

describe('the address where an administrator approves', () => {
  it.each([
    [TENANT, TENANT],
    [undefined, 'organizations'],
  ])('of organisation %s is at /%s, and asks for what the mode needs, spelt out', (organisation, segment) => {
    const url = part.approvalUrl(CLIENT, { ...REDIRECT, mode: 'free_busy', organisation });
    expect(url.origin + url.pathname).toBe(`${ENDPOINTS.authority}/${segment}/v2.0/adminconsent`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: CLIENT.clientId,
      redirect_uri: REDIRECT.redirectUri,
      state: 'state&1',
      scope: 'openid email profile offline_access https://graph.microsoft.com/User.Read https://graph.microsoft.com/Calendars.ReadBasic',
    });
  });

  it('stays within the address of the authority, whatever is named as organisation', () => {
    const url = part.approvalUrl(CLIENT, { ...REDIRECT, mode: 'full', organisation: '../../evil?x=1#' });
    expect(url.pathname).toBe('/..%2F..%2Fevil%3Fx%3D1%23/v2.0/adminconsent');
  });
});

describe('the answer of an administrator', () => {
  const read = (query: string) => part.readApproval(new URLSearchParams(query));

  it('is an approval, and its tenant is not looked at', () => {
    expect(read('admin_consent=True&tenant=whoever&scope=x&state=s')).toEqual({ outcome: 'approved' });
  });

  it.each([
    'error=access_denied',
    'error=access_denied&error_description=AADSTS65004%3A+User+declined',
    'error=consent_required&error_description=AADSTS65004%3A+User+declined',
    'error=consent_required',
  ])('is a no with %s, although it says that consent was given', (query) => {
    expect(read(`admin_consent=True&tenant=${TENANT}&${query}`)).toEqual({ outcome: 'declined' });
  });

  it.each([
    'error=access_denied&error_description=AADSTS50020%3A+jane@example.com',
    'error=access_denied&error_description=AADSTS90097%3A+x',
    'error=access_denied&error_subcode=cancel',
    'error=server_error',
    'error=',
    'error=access_denied&error=access_denied',
    'admin_consent=True',
  ])('is a failure with %s beside it', (query) => {
    const reading = read(`admin_consent=True&tenant=${TENANT}&${query}`);
    expect(reading).toMatchObject({ outcome: 'failed' });
    expect(holdsNoSecret(reading)).toBe(true);
  });

  it.each(['', `tenant=${TENANT}`, 'admin_consent=False', 'admin_consent=', 'code=1'])('is a failure with nothing but %j', (query) => {
    expect(read(query)).toMatchObject({ outcome: 'failed' });
  });
});

describe('the proof of an administrator', () => {
  it.each([
    [TENANT, TENANT],
    [undefined, 'organizations'],
  ])('for organisation %s is asked and redeemed at /%s', async (organisation, segment) => {
    const token = `/${segment}/oauth2/v2.0/token`;
    const scripted = scriptedMicrosoft({
      [token]: () => Response.json(tokenAnswer({ refresh_token: undefined })),
    });
    const own = await partOf(scripted);
    const url = own.proofUrl(CLIENT, { ...PROOF, organisation });
    expect(url.origin + url.pathname).toBe(`${ENDPOINTS.authority}/${segment}/oauth2/v2.0/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      scope: 'openid email profile User.Read Calendars.ReadWrite',
      state: 'state&1',
      code_challenge_method: 'S256',
    });
    expect(url.searchParams.has('prompt')).toBe(false);

    const proven = await own.prove(CLIENT, { ...PROOF, code: EXCHANGE.code, organisation });
    expect(proven).toMatchObject({ outcome: 'proven', identity: { organisation: TENANT } });
    expect(scripted.asked[0]).toMatchObject({ url: { pathname: token }, form: { code: EXCHANGE.code } });
    expect(JSON.stringify(proven)).not.toMatch(/very-sec/);
  });

  it.each([
    ['an id token of another attempt', () => Response.json(tokenAnswer()), 'nonce-2', 'identity_unverified'],
    ['a refusal', () => Response.json(refusal(54_005, 'invalid_grant'), { status: 400 }), EXCHANGE.nonce, 'provider_refused'],
    [
      'a refusal for lack of consent',
      () => Response.json(refusal(65_001, 'invalid_grant'), { status: 400 }),
      EXCHANGE.nonce,
      'provider_refused',
    ],
    [
      'a secret that is wrong',
      () => Response.json(refusal(7_000_215, 'invalid_client'), { status: 401 }),
      EXCHANGE.nonce,
      'provider_misconfigured',
    ],
    ['an outage', () => new Response('', { status: 503 }), EXCHANGE.nonce, 'provider_unavailable'],
    [
      'less than was to be approved',
      () => Response.json(tokenAnswer({ refresh_token: undefined, scope: 'openid profile User.Read' })),
      EXCHANGE.nonce,
      'scopes_missing',
    ],
  ])('fails with %s', async (_, answer, nonce, reason) => {
    const own = await partOf(scriptedMicrosoft({ [`/${TENANT}/oauth2/v2.0/token`]: answer }));
    const outcome = await own.prove(CLIENT, { ...PROOF, nonce, code: EXCHANGE.code, organisation: TENANT });
    expect(outcome).toMatchObject({ outcome: 'failed', reason });
    expect(holdsNoSecret(outcome)).toBe(true);
  });
});

describe('what an administrator is told', () => {
  it('names the client in every command that needs it, and what can be taken back', () => {
    const instructions = part.instructions(CLIENT, 'full');
    expect(instructions.map(({ heading }) => heading)).toEqual([
      'Allow it for one group only',
      'Limit organisation-wide access to a group (RBAC for Applications)',
      'Take it back',
    ]);
    for (const { commands = [] } of instructions) expect(commands.join('\n')).toContain(`appId eq '${CLIENT.clientId}'`);
    expect(instructions.at(2)?.text).toContain('User.Read and Calendars.ReadWrite');
  });

  it('offers no wider role than the mode', () => {
    const role = (mode: 'full' | 'free_busy') => part.instructions(CLIENT, mode)[1]?.commands?.find((command) => command.includes('-Role'));
    expect(role('full')).toContain("-Role 'Application Calendars.ReadWrite'");
    expect(role('free_busy')).toContain("-Role 'Application Calendars.Read'");
  });

  it('lets nothing of a client id become a command', () => {
    const instructions = part.instructions({ ...CLIENT, clientId: '1\'; Remove-Item -Recurse C:\\ #$(x)"' }, 'full');
    expect(JSON.stringify(instructions.map(({ commands }) => commands))).not.toMatch(/; Remove|\$\(x\)|Recurse C/);
  });
});
