import type { MicrosoftParts } from '../parts.ts';
import { AadstsError } from './aadsts.ts';
import type { Authority } from './authority.ts';
import type { MicrosoftClient } from './clients.ts';

/** What finding the caller uses. */
export type ClientAuthenticationDeps = Pick<MicrosoftParts, 'clients' | 'now'>;

/** How a caller introduced itself. */
export interface ClientCredentials {
  readonly form: URLSearchParams;
  readonly authorization: string | undefined;
  readonly authority: Authority;
}

/**
 * Finds who calls the token endpoint, by `client_id` and `client_secret` in the form or in a Basic header, whose two halves are
 * form-encoded as RFC 6749 §2.3.1 says.
 * @throws AadstsError 900144, 700016, 7000218, 7000215, 7000222 or 700027.
 */
export function authenticateClient(
  { form, authorization, authority }: ClientCredentials,
  { clients, now }: ClientAuthenticationDeps,
): MicrosoftClient {
  const basic = basicCredentials(authorization);
  const clientId = basic?.clientId ?? form.get('client_id');
  const secret = basic?.clientSecret ?? form.get('client_secret') ?? '';
  if (clientId === null || clientId === '') throw new AadstsError(900144, { name: 'client_id' });
  const client = clients.find(clientId);
  if (client === undefined) throw new AadstsError(700016, { appId: clientId, tenant: authority.tenant?.displayName ?? authority.key });
  // The emulator's apps have a secret and no certificate.
  if (form.has('client_assertion')) throw new AadstsError(700027);
  if (secret === '') throw new AadstsError(7000218);
  if (secret !== client.clientSecret) throw new AadstsError(7000215, { appId: client.clientId });
  if (client.secretExpiresMs !== undefined && now() >= client.secretExpiresMs) throw new AadstsError(7000222, { appId: client.clientId });
  return client;
}

function basicCredentials(authorization: string | undefined): { clientId: string; clientSecret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [clientId = '', clientSecret = ''] = Buffer.from(encoded, 'base64')
    .toString()
    .split(':')
    .map((half) => formDecode(half));
  return { clientId, clientSecret };
}

function formDecode(text: string): string {
  return new URLSearchParams(`x=${text}`).get('x') ?? '';
}
