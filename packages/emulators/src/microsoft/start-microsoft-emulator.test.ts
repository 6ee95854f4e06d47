import { expect, test } from 'vitest';
import { AMIRA, CHALLENGE, CLIENT_ID, CLIENT_SECRET, VERIFIER } from '../../test/microsoft-under-test.ts';
import { createBrowser } from '../../test/browser.ts';
import { startMicrosoftEmulator } from './start-microsoft-emulator.ts';

const DISCOVERY = '/common/v2.0/.well-known/openid-configuration';

test('it listens on a free port, sends browsers and servers to their own origins, and frees the port', async () => {
  const microsoft = await startMicrosoftEmulator({ clients: [], publicUrl: (port) => `http://microsoft.localhost:${port}` });

  expect(await (await fetch(`${microsoft.url}${DISCOVERY}`)).json()).toMatchObject({
    issuer: `http://microsoft.localhost:${microsoft.port}/{tenantid}/v2.0`,
    authorization_endpoint: `http://microsoft.localhost:${microsoft.port}/common/oauth2/v2.0/authorize`,
    token_endpoint: `http://127.0.0.1:${microsoft.port}/common/oauth2/v2.0/token`,
  });
  await expect(startMicrosoftEmulator({ clients: [], port: microsoft.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });

  await microsoft.close();
  const again = await startMicrosoftEmulator({ clients: [], port: microsoft.port });
  await again.close();
  await expect(startMicrosoftEmulator({ clients: [], publicUrl: 'nowhere' })).rejects.toThrow(TypeError);
});

test('a whole flow over the network: turned away, approved, connected by single sign-on, Graph', async () => {
  const redirectUri = 'http://localhost:3000/callback';
  const permissions = { delegated: ['User.Read', 'Calendars.ReadBasic'] };
  const client = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris: [redirectUri], permissions };
  const microsoft = await startMicrosoftEmulator({ clients: [client] });
  try {
    const scope = 'openid profile offline_access User.Read Calendars.ReadBasic';
    const query = { client_id: CLIENT_ID, redirect_uri: redirectUri, response_type: 'code', scope, state: 's' };
    const challenge = { code_challenge: CHALLENGE, code_challenge_method: 'S256', login_hint: AMIRA };
    const authorizeUrl = `${microsoft.url}/common/oauth2/v2.0/authorize?${new URLSearchParams({ ...query, ...challenge }).toString()}`;
    const person = createBrowser(fetch);
    await person.visit(authorizeUrl);
    expect((await person.press(AMIRA)).text).toContain('Need admin approval');

    const administrator = createBrowser(fetch);
    const admin = new URLSearchParams({ client_id: CLIENT_ID, redirect_uri: redirectUri, state: 'a' }).toString();
    await administrator.visit(`${microsoft.url}/partner.example/adminconsent?${admin}`);
    await administrator.press('noor@partner.example');
    expect((await administrator.press('Accept')).location?.searchParams.get('admin_consent')).toBe('True');

    const code = (await person.visit(authorizeUrl)).location?.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: VERIFIER };
    const body = new URLSearchParams({ ...form, client_id: CLIENT_ID, client_secret: CLIENT_SECRET });
    const answer = await fetch(`${microsoft.url}/common/oauth2/v2.0/token`, { method: 'POST', body });
    const { access_token: accessToken } = (await answer.json()) as { access_token: string };
    const headers = { Authorization: `Bearer ${accessToken}` };
    const calendars = (await (await fetch(`${microsoft.url}/v1.0/me/calendars?$top=1`, { headers })).json()) as Record<string, unknown>;
    const next = await fetch(String(calendars['@odata.nextLink']), { headers });

    expect(next.status).toBe(200);
  } finally {
    await microsoft.close();
  }
});
