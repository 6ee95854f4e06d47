import { isGuid } from '../directory/guid.ts';
import { redirectUriProblem } from './redirect-uris.ts';

/**
 * Whose accounts may sign in.
 * @see {@link https://learn.microsoft.com/entra/identity-platform/supported-accounts-validation}
 */
export const SIGN_IN_AUDIENCES = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
] as const;

/** One of {@link SIGN_IN_AUDIENCES}. */
export type SignInAudience = (typeof SIGN_IN_AUDIENCES)[number];

/** An app registration: a web application with a secret. */
export interface MicrosoftClient {
  /** A GUID. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** When the secret ends, in milliseconds since 1970; the default is never. */
  readonly secretExpiresMs?: number;
  /** Compared exactly with what a request says, but for the port of `http://localhost`. */
  readonly redirectUris: readonly string[];
  /** The app's name on the pages; the default is `Calendar app`. */
  readonly appName?: string;
  /** The default is `AzureADandPersonalMicrosoftAccount`. */
  readonly signInAudience?: SignInAudience;
  /** The tenant where the app is registered, by domain or id; needed for `AzureADMyOrg`. */
  readonly homeTenant?: string;
  /** The permissions that the registration lists: what `.default` and `/{tenant}/adminconsent` ask for. The default is `User.Read`. */
  readonly permissions?: { readonly delegated?: readonly string[]; readonly application?: readonly string[] };
  /** Whether ID tokens carry the optional claim `xms_edov`. */
  readonly withEmailVerifiedClaim?: boolean;
}

/** The registered apps. */
export interface Clients {
  readonly find: (clientId: string) => MicrosoftClient | undefined;
  readonly add: (client: MicrosoftClient) => void;
}

/**
 * Creates the register of apps.
 * @throws TypeError for an app that Entra would not register.
 */
export function createClients(clients: readonly MicrosoftClient[]): Clients {
  const byId = new Map<string, MicrosoftClient>();
  const add = (client: MicrosoftClient): void => {
    assertRegistrable(client);
    byId.set(client.clientId.toLowerCase(), client);
  };
  for (const client of clients) add(client);
  return { find: (clientId) => byId.get(clientId.toLowerCase()), add };
}

/** Returns whose accounts may sign in to an app. */
export function audienceOf({ signInAudience }: MicrosoftClient): SignInAudience {
  return signInAudience ?? 'AzureADandPersonalMicrosoftAccount';
}

/** Returns the app's name as people see it. */
export function appNameOf({ appName }: MicrosoftClient): string {
  return appName ?? 'Calendar app';
}

function assertRegistrable(client: MicrosoftClient): void {
  if (!isGuid(client.clientId)) throw new TypeError(`clients[].clientId: expected a GUID, received ${client.clientId}`);
  if (client.clientSecret === '') throw new TypeError('clients[].clientSecret: expected a secret, received an empty string');
  if (client.signInAudience === 'AzureADMyOrg' && client.homeTenant === undefined) {
    throw new TypeError('clients[].homeTenant: expected the tenant of an app for one organisation, received none');
  }
  for (const uri of client.redirectUris) {
    const problem = redirectUriProblem(uri, audienceOf(client));
    if (problem !== undefined) throw new TypeError(`clients[].redirectUris: expected one that Entra takes; ${problem}; received ${uri}`);
  }
}
