import { expect, test } from 'vitest';
import { startGoogleEmulator } from './start-google-emulator.ts';

test('it listens on a free port of the computer itself, over IPv4 and IPv6, and frees the port', async () => {
  const google = await startGoogleEmulator({ clients: [] });
  const path = '/.well-known/openid-configuration';

  expect(google.url).toBe(`http://127.0.0.1:${google.port}`);
  expect(await (await fetch(`${google.url}${path}`)).json()).toMatchObject({
    issuer: google.url,
    authorization_endpoint: `${google.url}/o/oauth2/v2/auth`,
  });
  expect((await fetch(`http://[::1]:${google.port}${path}`)).status).toBe(200);
  await expect(startGoogleEmulator({ clients: [], port: google.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });

  await google.close();
  await google.close();
  const again = await startGoogleEmulator({ clients: [], port: google.port });
  await again.close();
});

test('browsers and servers can be sent to different origins', async () => {
  const google = await startGoogleEmulator({ clients: [], publicUrl: (port) => `http://google.localhost:${port}` });

  const document = await (await fetch(`${google.url}/.well-known/openid-configuration`)).json();
  await google.close();

  expect(document).toMatchObject({
    issuer: `http://google.localhost:${google.port}`,
    authorization_endpoint: `http://google.localhost:${google.port}/o/oauth2/v2/auth`,
    token_endpoint: `http://127.0.0.1:${google.port}/token`,
  });
});

test('an option that can not be leaves no port taken', async () => {
  await expect(startGoogleEmulator({ clients: [], publicUrl: 'nowhere' })).rejects.toThrow(TypeError);
});
