import { describe, expect, it } from 'vitest';
import { manifestTests } from '../oauth2/options.contract.ts';
import { googleMeet } from './google-meet.ts';

const OPTIONS = { clientId: 'id-1', clientSecret: 'very-secret' };

manifestTests({
  id: 'google_meet',
  make: googleMeet,
  options: OPTIONS,
  file: new URL('google-meet.ts', import.meta.url),
  factory: 'googleMeet',
});

describe('google meet', () => {
  it('asks for the login and for spaces of our own making, at Google', async () => {
    const service = googleMeet(OPTIONS);
    expect(service.family).toBe('google');
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
    expect(url.origin).toBe('https://accounts.google.com');
    expect(url.searchParams.get('scope')).toBe('openid email https://www.googleapis.com/auth/meetings.space.created');
    expect(url.searchParams.get('include_granted_scopes')).not.toBe('true');
  });
});
