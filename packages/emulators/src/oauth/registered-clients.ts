/** An OAuth app as somebody registers it at a conferencing service: confidential, with a secret. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Compared exactly with what a request says. */
  readonly redirectUris: readonly string[];
  /** The app's name on the consent page; the default is `Calendar app`. */
  readonly appName?: string;
  /** The scopes that the registration lists; the default is what making meetings takes. */
  readonly scopes?: readonly string[];
}

/** The registered apps. */
export interface RegisteredClients {
  readonly find: (clientId: string) => RegisteredClient | undefined;
  /** Finds the app whose secret this is. */
  readonly authenticate: (clientId: string, clientSecret: string) => RegisteredClient | undefined;
  readonly add: (client: RegisteredClient) => void;
}

/**
 * Creates the register of apps.
 * @throws TypeError for an app without id or secret, or with a redirect URI that is no address.
 */
export function createRegisteredClients(clients: readonly RegisteredClient[]): RegisteredClients {
  const byId = new Map<string, RegisteredClient>();
  const add = (client: RegisteredClient): void => {
    assertRegistrable(client);
    byId.set(client.clientId, client);
  };
  for (const client of clients) add(client);
  return {
    find: (clientId) => byId.get(clientId),
    authenticate: (clientId, clientSecret) => {
      const client = byId.get(clientId);
      return client?.clientSecret === clientSecret ? client : undefined;
    },
    add,
  };
}

function assertRegistrable({ clientId, clientSecret, redirectUris }: RegisteredClient): void {
  if (clientId === '') throw new TypeError('clients[].clientId: expected a client id, received an empty string');
  if (clientSecret === '') throw new TypeError('clients[].clientSecret: expected a secret, received an empty string');
  for (const uri of redirectUris) {
    if (!URL.canParse(uri) || uri.includes('#')) {
      throw new TypeError(`clients[].redirectUris: expected an absolute address without a fragment, received ${uri}`);
    }
  }
}
