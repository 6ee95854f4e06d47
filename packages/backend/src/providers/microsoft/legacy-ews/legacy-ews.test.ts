import { describe, expect, it } from 'vitest';
import { wholeOffer, offerOf } from '../../../connect/offer.ts';
import type { Credential } from '../../provider.ts';
import { microsoft } from '../microsoft.ts';
import type { MicrosoftOptions } from '../options.ts';
import { CLIENT, NOW_MS, scriptedMicrosoft } from '../scripted-microsoft.contract.ts';
import { EWS_ENDS_AT_MS, EWS_SCOPE, isForEws, withMailbox } from './legacy-ews.ts';

const OPTIONS: MicrosoftOptions = { clientId: CLIENT.clientId, clientSecret: CLIENT.clientSecret, legacyEws: true, now: () => NOW_MS };
const SCOPES = ['openid', 'email', 'profile', 'offline_access', EWS_SCOPE, 'https://outlook.office365.com/User.Read'];
const CREDENTIAL: Credential = {
  accessToken: 'a',
  accessTokenExpiresAtMs: 0,
  refreshToken: 'r',
  grantedScopes: SCOPES,
  endsAtMs: undefined,
};

describe('the option of EWS', () => {
  it('asks for one resource in full mode, and changes nothing else', () => {
    const { modes } = microsoft(OPTIONS);
    expect(Object.keys(modes)).toEqual(['full', 'free_busy']);
    expect(modes.full?.scopes).toEqual(SCOPES);
    expect(modes.free_busy).toEqual(microsoft({ ...OPTIONS, legacyEws: false }).modes.free_busy);
    expect(microsoft({ ...OPTIONS, legacyEws: undefined }).modes.full?.scopes).toContain('Calendars.ReadWrite');
  });

  it('is refused from the day on which EWS ends, which the refusal names, with what to do', () => {
    expect(() => microsoft({ ...OPTIONS, now: () => EWS_ENDS_AT_MS - 1 })).not.toThrow();
    expect(() => microsoft({ ...OPTIONS, legacyEws: false, now: () => EWS_ENDS_AT_MS })).not.toThrow();
    expect(() => microsoft({ ...OPTIONS, now: () => Date.parse('2027-04-01T00:00:00Z') })).toThrow(
      expect.objectContaining({
        code: 'option_invalid',
        message: expect.stringMatching(/legacyEws: .*2027-04-01.*leave it .*moves to Microsoft Graph/),
      }),
    );
  });

  it('has to be true or false', () => {
    const options = { ...OPTIONS, legacyEws: 'on' } as unknown as MicrosoftOptions;
    expect(() => microsoft(options)).toThrow('microsoft: legacyEws: expected true or false, received string');
  });

  it('says in the offer why more is asked than is used, and only there', () => {
    const application = {
      id: 'app_1',
      name: 'Planner',
      secretHash: '',
      redirectUris: [],
      origins: [],
      accessModes: ['full', 'free_busy'],
      scope: 'free_busy_write',
      createdAtMs: 0,
      notificationUrl: undefined,
      secretSealed: undefined,
      mailsApprovals: false,
      providers: [],
      defaultAccessMode: undefined,
      branding: { accentColor: undefined, privacyUrl: undefined },
      invitations: { organizerName: undefined, organizerEmail: undefined, replyTo: undefined },
    } as const;
    const notes = (legacyEws: boolean) => {
      const provider = { ...microsoft({ ...OPTIONS, legacyEws }), operatorClient: { ...OPTIONS, id: 'pcl_1' } };
      const backend = { providers: new Map([[provider.id, provider]]), mailer: undefined };
      return offerOf(backend, application, wholeOffer(application)).providers[0]?.access_modes.map((mode) => mode.note);
    };
    expect(notes(true)).toEqual([expect.stringContaining('whole mailbox'), undefined]);
    expect(notes(false)).toEqual([undefined, undefined]);
  });

  it('asks an administrator for the same, and tells how to let EWS in', async () => {
    const part = await scriptedMicrosoft({}, { legacyEws: true, now: () => NOW_MS }).provider.adminApproval?.();
    const request = { redirectUri: 'https://connect.example/cb', state: 's', mode: 'full', organisation: undefined } as const;
    expect(part?.approvalUrl(CLIENT, request).searchParams.get('scope')).toBe(SCOPES.join(' '));
    const said = JSON.stringify(part?.instructions(CLIENT, 'full'));
    expect(said).toContain(`Set-OrganizationConfig -EwsEnabled $true -EwsAllowedAppIDs '${CLIENT.clientId}'`);
    expect(said).toContain('1 April 2027');
    expect(JSON.stringify(part?.instructions(CLIENT, 'free_busy'))).not.toContain('Ews');
  });
});

describe('a credential', () => {
  it.each([
    ['for EWS', SCOPES, true],
    ['for Graph', ['openid', 'User.Read', 'Calendars.ReadWrite'], false],
    ['that names both, of which a token can serve one', [...SCOPES, 'Calendars.ReadWrite'], false],
    ['without either', ['openid'], false],
  ])('is read by what was granted: %s', (_what, grantedScopes, expected) => {
    expect(isForEws({ grantedScopes })).toBe(expected);
    expect(withMailbox({ ...CREDENTIAL, grantedScopes }, 'jane@example.com').mailbox).toBe(expected ? 'jane@example.com' : undefined);
  });

  it('keeps no address where there is none, or none that a header can hold', () => {
    for (const email of [undefined, '', 'jürgen@example.com', 'x@example.com\r\nx: y'])
      expect(withMailbox(CREDENTIAL, email)).toBe(CREDENTIAL);
  });
});
