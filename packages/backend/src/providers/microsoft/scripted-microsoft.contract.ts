import { type Asked, type Script, scriptedDoor } from '../scripted-vendor.contract.ts';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { ExchangeRequest, Provider, ProviderClient } from '../provider.ts';
import { microsoft } from './microsoft.ts';
import type { MicrosoftOptions } from './options.ts';

const ROOT = 'https://microsoft.example';

/** Where the scripted Microsoft answers, and who it says it is. */
export const ENDPOINTS = {
  issuerOrigin: 'https://login.microsoft.example',
  authority: 'https://browser.microsoft.example',
  tokenAuthority: ROOT,
  graph: ROOT,
} as const;

export const TENANT = '6b0fbbcd-5b2e-4f5c-8a44-2f8c2f0e9d11';
export const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad';
export const CLIENT: ProviderClient = {
  id: 'pcl_000000000000000000000001',
  clientId: '11111111-2222-4333-8444-555555555555',
  clientSecret: 'value~very-secret',
};
export const NOW_MS: number = Date.parse('2026-11-21T12:00:00Z');
export const EXCHANGE: ExchangeRequest = {
  redirectUri: 'https://connect.example/connect/callback/microsoft',
  mode: 'full',
  code: 'M.code-very-secret',
  nonce: 'nonce-1',
  codeVerifier: 'verifier-very-secret-verifier-very-secret-0',
};

const MICROSOFT_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
});

/** Claims of a good id token of a work account, for the exchange above at the moment above. */
export const GOOD_CLAIMS = {
  iss: `${ENDPOINTS.issuerOrigin}/${TENANT}/v2.0`,
  sub: 'pairwise-subject',
  aud: CLIENT.clientId,
  nonce: EXCHANGE.nonce,
  tid: TENANT,
  oid: '0f0e0d0c-0b0a-4909-8807-060504030201',
  name: 'Jane Doe',
  preferred_username: 'jane@example.com',
  email: 'somebody.else@victim.example',
  ver: '2.0',
  iat: NOW_MS / 1000,
  nbf: NOW_MS / 1000,
  exp: NOW_MS / 1000 + 3600,
} as const;

/** Signs with RS256, whatever the header claims. */
export function signIdToken(claims: object = GOOD_CLAIMS, header: object = {}, key: KeyObject = MICROSOFT_KEY.privateKey): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

/** A good token answer to the exchange above. */
export function tokenAnswer(changes: object = {}): object {
  return {
    token_type: 'Bearer',
    scope: 'openid profile email User.Read Calendars.ReadWrite',
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: 'EwB.access-very-secret',
    refresh_token: 'M.refresh-very-secret',
    id_token: signIdToken(),
    ...changes,
  };
}

/** The key set with the key that signs, for every organisation unless said otherwise. */
export function keySet(issuer = `${ENDPOINTS.issuerOrigin}/{tenantid}/v2.0`, kid = 'key-1'): object {
  return { keys: [{ ...MICROSOFT_KEY.publicKey.export({ format: 'jwk' }), kid, use: 'sig', issuer }] };
}

export type { Asked, Script };

/** A Microsoft that answers by path what a test wrote, good answers where it wrote none. */
export interface ScriptedMicrosoft {
  readonly provider: Provider;
  readonly asked: Asked[];
  readonly script: Record<string, Script>;
  now: number;
}

export const TOKEN = '/common/oauth2/v2.0/token';
export const KEYS = '/common/discovery/v2.0/keys';

/** Makes one, behind a real door of ours. */
export function scriptedMicrosoft(script: Record<string, Script> = {}, options: Partial<MicrosoftOptions> = {}): ScriptedMicrosoft {
  const answers: Record<string, Script> = {
    [TOKEN]: () => Response.json(tokenAnswer()),
    [KEYS]: () => Response.json(keySet(), { headers: { 'cache-control': 'max-age=600, private' } }),
    ...script,
  };
  const { outbound, asked } = scriptedDoor({ root: ROOT, script: answers, timeoutMs: 300 });
  const scripted: ScriptedMicrosoft = {
    provider: microsoft({
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

/** A refusal of the token endpoint, as Microsoft writes it. */
export function refusal(code: number, error: string, changes: object = {}): object {
  return {
    error,
    error_description: `AADSTS${code}: Told to jane@example.com. Trace ID: 0 Correlation ID: 0 Timestamp: 2026-11-21 12:00:00Z`,
    error_codes: [code],
    timestamp: '2026-11-21 12:00:00Z',
    trace_id: '00000000-0000-0000-0000-000000000000',
    correlation_id: '00000000-0000-0000-0000-000000000000',
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    ...changes,
  };
}

/** Fails where a secret of these fixtures has come through. */
export function holdsNoSecret(outcome: unknown): boolean {
  return !/very-sec|jane@/.test(JSON.stringify(outcome));
}
