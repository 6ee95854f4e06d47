import { describe, expect, it } from 'vitest';
import { manifestTests } from '../oauth2/options.contract.ts';
import { microsoftTeams } from './microsoft-teams.ts';

const OPTIONS = { clientId: '11111111-2222-4333-8444-555555555555', clientSecret: 'value~very-secret' };

manifestTests({
  id: 'microsoft_teams',
  make: microsoftTeams,
  options: OPTIONS,
  file: new URL('microsoft-teams.ts', import.meta.url),
  factory: 'microsoftTeams',
  endpoint: 'tokenAuthority',
});

describe('microsoft teams', () => {
  it('asks for meetings, of work and school accounts alone', async () => {
    const service = microsoftTeams(OPTIONS);
    expect(service.family).toBe('microsoft');
    const connect = await service.connect();
    const client = { id: 'pcl_1', ...OPTIONS };
    const request = {
      redirectUri: 'https://connect.example/callback',
      mode: 'full',
      state: 's',
      nonce: 'n',
      codeVerifier: 'v'.repeat(43),
      loginHint: undefined,
      interaction: 'choose',
    } as const;
    const url = connect.authorizationUrl(client, request);
    expect(url.pathname).toBe('/organizations/oauth2/v2.0/authorize');
    expect(url.searchParams.get('scope')).toBe('openid email profile offline_access User.Read OnlineMeetings.ReadWrite');
  });

  it('refuses the id of a secret', () => {
    const clientSecret = OPTIONS.clientId;
    expect(() => microsoftTeams({ ...OPTIONS, clientSecret })).toThrow(
      'microsoft_teams: clientSecret: expected the value of a client secret',
    );
  });
});
