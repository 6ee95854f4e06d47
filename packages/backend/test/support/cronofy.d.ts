/** The part of the public SDK `cronofy` 3.8.4 that these tests use; the package has no types of its own. */
declare module 'cronofy' {
  export interface CronofyTokens {
    readonly token_type: string;
    readonly access_token: string;
    readonly refresh_token: string;
    readonly expires_in: number;
    readonly scope: string;
    readonly account_id: string;
    readonly linking_profile: { readonly profile_id: string; readonly provider_name: string };
  }

  export default class Cronofy {
    constructor(config: { client_id: string; client_secret: string; access_token?: string; refresh_token?: string });
    readonly config: { access_token?: string; refresh_token?: string };
    readonly urls: { api: string };
    requestAccessToken(options: { code: string; redirect_uri: string }): Promise<CronofyTokens>;
    refreshAccessToken(): Promise<CronofyTokens>;
    userInfo(): Promise<{
      readonly sub: string;
      readonly 'cronofy.type': string;
      readonly 'cronofy.data': { readonly profiles: readonly object[] };
    }>;
    hmacValid(options: { hmac: string; body: string }): boolean;
    revokeAuthorization(options?: { token?: string; sub?: string }): Promise<unknown>;
  }
}
