import type { Backend } from '../backend.ts';
import type { OAuthService, ProviderClient } from '../providers/provider.ts';
import type { OwnProviderClient } from '../storage/questions/provider-clients.ts';
import type { SealContext } from '../vault/vault.ts';

/** Where the secret of an application's own client at a provider is sealed for. */
export function providerClientPlace(client: { id: string; applicationId: string }): SealContext {
  return { purpose: 'provider_client.secret/1', rowId: client.id, applicationId: client.applicationId };
}

/** A service with the operator's client at it. */
type Service = Pick<OAuthService, 'id'> & { readonly operatorClient: ProviderClient };

/** The OAuth clients at providers: the operator's own, and those that applications brought along. */
export interface ProviderClients {
  /** The client that new connections of an application use: its own, so that the consent screen names it, or else the operator's. */
  forApplication(service: Service, applicationId: string): Promise<ProviderClient>;
  /** The client of our id `id`. `undefined`: it is of another provider, or the operator uses another one now. A refresh token works with no other. */
  byId(service: Service, id: string): Promise<ProviderClient | undefined>;
}

/** Makes the {@link ProviderClients} of a backend. Nothing is kept in memory: what an application changes counts at once. */
export function createProviderClients({ store, vault }: Pick<Backend, 'store' | 'vault'>): ProviderClients {
  async function open(own: OwnProviderClient): Promise<ProviderClient> {
    const dataKey = await store.findDataKey(own.applicationId);
    return { id: own.id, clientId: own.clientId, clientSecret: vault.open(dataKey, providerClientPlace(own), own.secretSealed) };
  }
  return {
    forApplication: async (service, applicationId) => {
      const own = await store.findOwnClient({ applicationId, provider: service.id });
      return own === undefined ? service.operatorClient : open(own);
    },
    byId: async (service, id) => {
      if (id === service.operatorClient.id) return service.operatorClient;
      const own = await store.findProviderClient(id);
      return own?.provider === service.id ? open(own) : undefined;
    },
  };
}
