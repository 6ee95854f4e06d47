import type { Applications } from '../accounts/applications.ts';
import { type ApplicationFlags, readSecret } from './application-flags.ts';
import { UsageError } from './usage-error.ts';

/** `calendar-connect application provider-client set|list|remove CLIENT_ID [PROVIDER]`. */
export async function applicationProviderClient(
  applications: Applications,
  [action, clientId, provider]: readonly string[],
  flags: ApplicationFlags,
): Promise<string> {
  const call = `application provider-client ${action ?? ''}`.trim();
  if (action !== 'set' && action !== 'list' && action !== 'remove') {
    throw new UsageError(`application provider-client: expected set, list or remove, received ${action ?? 'nothing'}`);
  }
  if (clientId === undefined) throw new UsageError(`${call}: expected the client id of an application`);
  if (action === 'list') return list(applications, clientId, flags);
  if (provider === undefined) throw new UsageError(`${call}: expected a provider, such as google`);
  return action === 'set' ? set(applications, { clientId, provider }, flags) : remove(applications, { clientId, provider }, flags);
}

interface Client {
  readonly clientId: string;
  readonly provider: string;
}

async function set(applications: Applications, { clientId, provider }: Client, flags: ApplicationFlags): Promise<string> {
  const providerClientId = flags['provider-client-id'];
  if (providerClientId === undefined) {
    throw new UsageError('application provider-client set: expected --provider-client-id ID, and its secret on standard input: … < FILE');
  }
  const set = await applications.setProviderClient(clientId, {
    provider,
    clientId: providerClientId,
    clientSecret: await readSecret(),
  });
  return flags.json ? JSON.stringify(toWire(set)) : `New connections of ${clientId} use its own client at ${provider}: ${set.clientId}`;
}

async function list(applications: Applications, clientId: string, flags: ApplicationFlags): Promise<string> {
  const clients = await applications.providerClients(clientId);
  if (flags.json) return JSON.stringify(clients.map(toWire));
  if (clients.length === 0) return `${clientId} has no client of its own at any provider: the operator's are used.`;
  return clients.map((client) => `${client.provider}  ${client.clientId}`).join('\n');
}

async function remove(applications: Applications, { clientId, provider }: Client, flags: ApplicationFlags): Promise<string> {
  await applications.removeProviderClient(clientId, provider);
  return flags.json ? JSON.stringify({ provider }) : `New connections of ${clientId} at ${provider} use the operator's client again.`;
}

function toWire({ provider, clientId }: { readonly provider: string; readonly clientId: string }): object {
  return { provider, client_id: clientId };
}
