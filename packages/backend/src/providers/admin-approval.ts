import type { AccessMode, FailureReason } from '@calendar-connect/protocol';
import type { AuthorizationRequest, ExchangeRequest, Identity, ProviderClient, Unavailable } from './provider.ts';

/** What is known of an organisation before anybody of it has proven anything. */
export type OrganisationReading =
  | { readonly outcome: 'found'; readonly organisation: string }
  /** A private account: there is no administrator. */
  | { readonly outcome: 'personal' }
  /** The provider knows no such organisation. */
  | { readonly outcome: 'unknown' }
  | Unavailable;

/** What came back from the page on which an administrator approves. Nothing of it is proof. */
export type ApprovalReading =
  | { readonly outcome: 'approved' }
  | { readonly outcome: 'declined' }
  | {
      readonly outcome: 'failed';
      /** `not_administrator`: they may not allow it, or turned back. `other_organisation`: their account is not of the organisation. */
      readonly because: 'not_administrator' | 'other_organisation' | 'unavailable';
      readonly operatorHint: string;
    };

/** One thing that an administrator may do about an approval, with what to paste. */
export interface AdminInstruction {
  readonly heading: string;
  readonly text: string;
  /** Lines for a shell, where there are any. */
  readonly commands?: readonly string[];
}

/** The part of a provider by which an administrator allows for an organisation what its people may not allow themselves. Loaded when first used. */
export interface AdminApproval {
  /** Finds the organisation of a work address, or of a domain alone. It only asks the provider's public directory. */
  findOrganisation(emailOrDomain: string): Promise<OrganisationReading>;
  /** Where an administrator of that organisation, or of whichever they sign in to, approves what `mode` asks for. */
  approvalUrl(
    client: ProviderClient,
    request: {
      readonly redirectUri: string;
      readonly mode: AccessMode;
      readonly state: string;
      readonly organisation: string | undefined;
    },
  ): URL;
  readApproval(query: URLSearchParams): ApprovalReading;
  /**
   * Where the administrator shows who they are, once they have approved: only their id token proves the organisation. They ask for what they have
   * just allowed, which nobody gets who may not have it.
   */
  proofUrl(
    client: ProviderClient,
    request: Pick<AuthorizationRequest, 'redirectUri' | 'mode' | 'state' | 'nonce' | 'codeVerifier'> & {
      readonly organisation: string | undefined;
    },
  ): URL;
  /** Exchanges the code of that trip for the administrator's identity; whatever else came along is thrown away. */
  prove(
    client: ProviderClient,
    request: Pick<ExchangeRequest, 'redirectUri' | 'mode' | 'code' | 'nonce' | 'codeVerifier'> & {
      readonly organisation: string | undefined;
    },
  ): Promise<
    | { readonly outcome: 'proven'; readonly identity: Identity }
    | { readonly outcome: 'failed'; readonly reason: FailureReason; readonly operatorHint: string }
  >;
  /** What an administrator should know and can do: how to limit it, how to take it back. */
  instructions(client: ProviderClient, mode: AccessMode): readonly AdminInstruction[];
}
