import { redirectUriProblem } from './redirect-uris.ts';

/** An OAuth client as somebody registers it in Google's console: a web application with a secret. */
export interface GoogleClient {
  /** Such as `123456789012-abc.apps.googleusercontent.com`; the digits before the dash are the project. */
  readonly clientId: string;
  /** Such as `GOCSPX-…`. */
  readonly clientSecret: string;
  /** Compared exactly with what a request says. */
  readonly redirectUris: readonly string[];
  /** The app's name on the consent page; the default is `Calendar app`. */
  readonly appName?: string;
}

/** The registered clients. */
export interface Clients {
  readonly find: (clientId: string) => GoogleClient | undefined;
  readonly add: (client: GoogleClient) => void;
}

/**
 * Creates the register of clients.
 * @throws TypeError for a client that Google's console would not take.
 */
export function createClients(clients: readonly GoogleClient[]): Clients {
  const byId = new Map<string, GoogleClient>();
  const add = (client: GoogleClient): void => {
    assertRegistrable(client);
    byId.set(client.clientId, client);
  };
  for (const client of clients) add(client);
  return { find: (clientId) => byId.get(clientId), add };
}

/** Returns the Google Cloud project of a client. Grants and revocation belong to the project, not to the single client. */
export function projectOf(clientId: string): string {
  return /^(\d+)-/.exec(clientId)?.[1] ?? clientId;
}

function assertRegistrable(client: GoogleClient): void {
  if (client.clientId === '') throw new TypeError('clients[].clientId: expected a client id, received an empty string');
  if (client.clientSecret === '') throw new TypeError('clients[].clientSecret: expected a secret, received an empty string');
  for (const uri of client.redirectUris) {
    const problem = redirectUriProblem(uri);
    if (problem !== undefined) throw new TypeError(`clients[].redirectUris: expected one that Google takes; ${problem}; received ${uri}`);
  }
}
