import { type Asked, type Script, scriptedDoor } from '../scripted-vendor.contract.ts';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { ExchangeRequest, Provider, ProviderClient } from '../provider.ts';
import { google } from './google.ts';
import type { GoogleOptions } from './options.ts';

const ROOT = 'https://google.example';

/** Where the scripted Google answers, and who it says it is. */
export const ENDPOINTS = {
  issuer: ROOT,
  authorization: `${ROOT}/authorize`,
  token: `${ROOT}/token`,
  revocation: `${ROOT}/revoke`,
  keys: `${ROOT}/keys`,
  api: `${ROOT}/`,
} as const;

export const CLIENT: ProviderClient = { id: 'pcl_000000000000000000000001', clientId: 'client-1', clientSecret: 'GOCSPX-very-secret' };
export const NOW_MS: number = Date.parse('2026-11-21T12:00:00Z');
export const EXCHANGE: ExchangeRequest = {
  redirectUri: 'https://connect.example/connect/callback/google',
  mode: 'full',
  code: '4/code-very-secret',
  nonce: 'nonce-1',
  codeVerifier: 'verifier-very-secret-verifier-very-secret-0',
};

export const GOOGLE_KEY: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
});

/** Claims of a good id token, for the exchange above at the moment above. */
export const GOOD_CLAIMS = {
  iss: ENDPOINTS.issuer,
  sub: '110169484474386276334',
  aud: CLIENT.clientId,
  azp: CLIENT.clientId,
  nonce: EXCHANGE.nonce,
  email: 'jane@example.com',
  email_verified: true,
  iat: NOW_MS / 1000,
  exp: NOW_MS / 1000 + 3600,
} as const;

/** Signs with RS256, whatever the header claims. */
export function signIdToken(claims: object = GOOD_CLAIMS, header: object = {}, key: KeyObject = GOOGLE_KEY.privateKey): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

/** A good token answer to the exchange above. */
export function tokenAnswer(changes: object = {}): object {
  return {
    access_token: 'ya29.access-very-secret',
    expires_in: 3599,
    token_type: 'Bearer',
    refresh_token: '1//refresh-very-secret',
    id_token: signIdToken(),
    scope:
      'openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.calendarlist.readonly https://www.googleapis.com/auth/calendar.freebusy',
    ...changes,
  };
}

/** The key set with the key that signs. */
export function keySet(kid = 'key-1', key: KeyObject = GOOGLE_KEY.publicKey): object {
  return { keys: [{ ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] };
}

export type { Asked, Script };

/** A Google that answers by path what a test wrote, good answers where it wrote none. */
export interface ScriptedGoogle {
  readonly provider: Provider;
  readonly asked: Asked[];
  readonly script: Record<string, Script>;
  now: number;
}

/** Makes one, behind a real door of ours. */
export function scriptedGoogle(script: Record<string, Script> = {}, options: Partial<GoogleOptions> = {}): ScriptedGoogle {
  const answers: Record<string, Script> = {
    '/token': () => Response.json(tokenAnswer()),
    '/revoke': () => Response.json({}),
    '/keys': () => Response.json(keySet(), { headers: { 'cache-control': 'public, max-age=600' } }),
    ...script,
  };
  const { outbound, asked } = scriptedDoor({ root: ROOT, script: answers, timeoutMs: 100 });
  const scripted: ScriptedGoogle = {
    provider: google({
      clientId: CLIENT.clientId,
      clientSecret: CLIENT.clientSecret,
      endpoints: ENDPOINTS,
      outbound,
      now: () => scripted.now,
      ...options,
    }),
    asked,
    script: answers,
    now: NOW_MS,
  };
  return scripted;
}

/** Fails where a secret of these fixtures has come through. */
export function holdsNoSecret(outcome: unknown): boolean {
  return !/very-sec|jane@/.test(JSON.stringify(outcome));
}
