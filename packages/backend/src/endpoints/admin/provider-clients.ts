import type { Handler } from 'hono';
import { answerPrivateJson } from '../json-answer.ts';
import { type AdminDeps, applicationsFor } from './admin-deps.ts';
import { readProviderClient } from './admin-requests.ts';
import { clientIdOf } from './application.ts';
import { withFieldErrors } from './field-errors.ts';

/** `GET /admin/applications/{client_id}/provider_clients`: its own OAuth clients at providers, never their secrets. */
export function listProviderClients(deps: AdminDeps): Handler {
  return withFieldErrors(async function listProviderClients(c) {
    const clients = await applicationsFor(deps, c).providerClients(clientIdOf(c));
    return answerPrivateJson({ provider_clients: clients.map(({ provider, clientId }) => ({ provider, client_id: clientId })) });
  });
}

/** `PUT /admin/applications/{client_id}/provider_clients/{provider}`: what new connections use from now on. */
export function putProviderClient(deps: AdminDeps): Handler {
  return withFieldErrors(async function putProviderClient(c) {
    const { client_id: clientId, client_secret: clientSecret } = await readProviderClient(c);
    const provider = c.req.param('provider') ?? '';
    await applicationsFor(deps, c).setProviderClient(clientIdOf(c), { provider, clientId, clientSecret });
    return answerPrivateJson({ provider, client_id: clientId });
  });
}

/** `DELETE /admin/applications/{client_id}/provider_clients/{provider}`: new connections use the operator's client again. */
export function deleteProviderClient(deps: AdminDeps): Handler {
  return withFieldErrors(async function deleteProviderClient(c) {
    await applicationsFor(deps, c).removeProviderClient(clientIdOf(c), c.req.param('provider') ?? '');
    return c.body(null, 204);
  });
}
