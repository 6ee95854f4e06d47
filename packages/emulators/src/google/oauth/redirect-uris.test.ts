import { expect, test } from 'vitest';
import { createGoogleEmulator } from '../create-google-emulator.ts';
import { redirectUriProblem } from './redirect-uris.ts';

test.each([
  'https://app.partner.example/callback',
  'https://app.partner.example/callback?tenant=1',
  'http://localhost:3000/callback',
  'http://127.0.0.1:3000/callback',
  'http://[::1]:3000/callback',
  'http://connect.localhost:4000/connect/callback/google',
])('%s can be registered', (uri) => {
  expect(redirectUriProblem(uri)).toBeUndefined();
});

test.each([
  ['http://app.partner.example/callback', 'https'],
  ['https://203.0.113.7/callback', 'raw IP'],
  ['https://[2001:db8::1]/callback', 'raw IP'],
  ['https://app.partner.example/callback#here', 'fragment'],
  ['https://*.partner.example/callback', 'wildcard'],
  ['https://user@app.partner.example/callback', 'user information'],
  ['https://app.partner.example/a/../callback', 'traversal'],
  ['com.example.app:/callback', 'scheme'],
  ['/callback', 'absolute'],
])('%s can not be registered', (uri, reason) => {
  expect(redirectUriProblem(uri)).toContain(reason);
});

test('an emulator refuses such a redirect URI, and an address that is no origin, with what it expected and received', () => {
  const client = { clientId: '1-a.apps.googleusercontent.com', clientSecret: 'GOCSPX-a', redirectUris: ['http://app.partner.example/'] };

  expect(() => createGoogleEmulator({ clients: [client] })).toThrow(/redirectUris.*https.*received http:\/\/app\.partner\.example/);
  expect(() => createGoogleEmulator({ clients: [], publicUrl: 'http://google.localhost/path' })).toThrow(/publicUrl: expected an origin/);
  expect(() => createGoogleEmulator({ clients: [], users: [{ email: 'a@b.example', name: 'A', timeZone: 'Mars/Base' }] })).toThrow(
    /timeZone/,
  );
});
