import type { Backend } from '../backend.ts';
import { CalendarConnectError } from '../errors.ts';
import { PASSWORD_PROVIDERS } from '../providers/password-sign-in.ts';
import type { AuditEvent } from '../storage/audit-event.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { newId } from '../vault/secrets.ts';
import type { KnownIds } from './application-features.ts';
import { providerClientPlace } from './provider-clients.ts';

/** An application's own OAuth client at a provider. Its secret is never shown. */
export interface ApplicationProviderClient {
  /** Such as `google`. */
  readonly provider: string;
  /** As the provider calls it. */
  readonly clientId: string;
}

/** An OAuth client that an application is to use at a provider, where `{public URL}/connect/callback/{provider}` is one of its redirect URIs. */
export interface NewProviderClient extends ApplicationProviderClient {
  readonly clientSecret: string;
}

interface Deps extends Pick<Backend, 'store' | 'vault' | 'now'> {
  readonly providers?: KnownIds;
  readonly conferencing?: KnownIds;
}

/** Providers write theirs so; what is longer or holds blanks was pasted wrongly. */
const VISIBLE_ASCII = /^[\x21-\x7e]{1,500}$/;

/** The clients of its own that an application's new connections use. */
export async function listProviderClients({ store }: Deps, applicationId: string): Promise<readonly ApplicationProviderClient[]> {
  return (await store.listOwnClients(applicationId)).map(({ provider, clientId }) => ({ provider, clientId }));
}

/** @throws CalendarConnectError `provider_unknown`, `provider_client_id_invalid`, `provider_client_secret_invalid` */
export async function setProviderClient(
  deps: Deps,
  { clientId: applicationId, client, audit }: { clientId: string; client: NewProviderClient; audit: AuditEvent | undefined },
): Promise<ApplicationProviderClient> {
  const { provider, clientId, clientSecret } = client;
  requireProvider(deps, provider);
  requireText('provider_client_id_invalid', 'clientId', clientId);
  requireText('provider_client_secret_invalid', 'clientSecret', clientSecret);
  const dataKey = await deps.store.findDataKey(applicationId);
  await deps.store.setOwnClient(
    {
      candidateId: newId(ID_PREFIX.providerClient, deps.now()),
      applicationId,
      provider,
      clientId,
      seal: (id) => deps.vault.seal(dataKey, providerClientPlace({ id, applicationId }), clientSecret),
      nowMs: deps.now(),
    },
    audit,
  );
  return { provider, clientId };
}

/** @throws CalendarConnectError `provider_client_not_found` */
export async function removeProviderClient(
  { store, now }: Deps,
  { clientId: applicationId, provider, audit }: { clientId: string; provider: string; audit: AuditEvent | undefined },
): Promise<void> {
  if (await store.removeOwnClient({ applicationId, provider, nowMs: now() }, audit)) return;
  throw new CalendarConnectError('provider_client_not_found', `${applicationId} has no client of its own at ${JSON.stringify(provider)}.`);
}

/** One that is not set up, or that people sign in to with their password, has no consent screen that could name the application. */
function requireProvider({ providers, conferencing }: Deps, id: string): void {
  const takesNone = PASSWORD_PROVIDERS.has(id);
  if (!takesNone && (providers === undefined || providers.has(id) || conferencing?.has(id) === true)) return;
  const known = [...(providers?.keys() ?? []), ...(conferencing?.keys() ?? [])].filter((each) => !PASSWORD_PROVIDERS.has(each));
  const expected = known.length === 0 ? 'one with OAuth clients that is set up' : `one of ${known.join(', ')}`;
  const why = takesNone ? ', which has no clients: people sign in there with their password' : '';
  throw new CalendarConnectError('provider_unknown', `provider: expected ${expected}, received ${JSON.stringify(id.slice(0, 100))}${why}`);
}

/** Neither is told again: a secret may have been pasted into the wrong field. */
function requireText(code: 'provider_client_id_invalid' | 'provider_client_secret_invalid', field: string, text: string): void {
  if (VISIBLE_ASCII.test(text)) return;
  throw new CalendarConnectError(code, `${field}: expected 1 to 500 visible ASCII characters, received ${text.length} characters`);
}
