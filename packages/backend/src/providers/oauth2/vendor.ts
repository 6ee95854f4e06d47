import type { FailureReason } from '@calendar-connect/protocol';
import type { AuthorizationRequest, Credential, Identity, ProviderClient, RevokeOutcome } from '../provider.ts';
import type { ServiceSettings } from './service-options.ts';

/** The addresses that every such vendor has. */
export interface OAuth2Endpoints {
  /** Where the browser goes. */
  readonly authorization: string;
  readonly token: string;
}

/** Whose login it is, or why that could not be learnt. */
export type IdentityReading =
  | { readonly outcome: 'identified'; readonly identity: Identity }
  | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly operatorHint: string };

/** What is different from vendor to vendor of those that speak plain OAuth 2.0, without id tokens. */
export interface OAuth2Vendor {
  /** As people know it; begins what the operator is told. */
  readonly name: string;
  readonly settings: ServiceSettings<OAuth2Endpoints>;
  /** Everything that has to be granted. */
  readonly scopes: readonly string[];
  /** How a client shows its secret at the token endpoint. [RFC 6749 §2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1) */
  readonly clientAuthentication: 'header' | 'form';
  /** What the authorization URL has besides what [RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1) and [RFC 7636](https://www.rfc-editor.org/rfc/rfc7636#section-4.3) say. */
  authorizationParameters(request: AuthorizationRequest): Readonly<Record<string, string>>;
  /** Which of {@link scopes} the granted ones do not amount to. */
  missingScopes(granted: readonly string[]): readonly string[];
  /** The OAuth error code of a refusal, for a vendor that writes refusals in a way of its own. Default: `error`. */
  readonly readError?: ((body: unknown) => string | undefined) | undefined;
  /** Asks the vendor whose access token it is. */
  identify(accessToken: string): Promise<IdentityReading>;
  /** Gives a grant back. */
  revoke(client: ProviderClient, credential: Credential): Promise<RevokeOutcome>;
}
