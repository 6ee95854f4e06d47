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
    accountInformation(): Promise<{ readonly account: { readonly account_id: string; readonly scope: string } }>;
    profileInformation(): Promise<{ readonly profiles: readonly { readonly profile_id: string; readonly provider_name: string }[] }>;
    listCalendars(): Promise<{ readonly calendars: readonly { readonly calendar_id: string; readonly calendar_name: string }[] }>;
    freeBusy(options: {
      readonly tzid?: string;
      readonly from?: string;
      readonly to?: string;
      readonly calendar_ids?: readonly string[];
      readonly include_managed?: boolean;
      readonly localized_times?: boolean;
      readonly next_page?: string;
    }): Promise<{
      readonly pages: { readonly current: number; readonly total: number; readonly next_page?: string };
      readonly free_busy: readonly { readonly calendar_id: string; readonly start: unknown; readonly free_busy_status: string }[];
    }>;
    createEvent(options: Readonly<Record<string, unknown>>): Promise<unknown>;
    deleteEvent(options: { readonly calendar_id: string; readonly event_id: string }): Promise<unknown>;
    bulkDeleteEvents(options: { readonly delete_all?: boolean; readonly calendar_ids?: readonly string[] }): Promise<unknown>;
    hmacValid(options: { hmac: string; body: string }): boolean;
    revokeAuthorization(options?: { token?: string; sub?: string }): Promise<unknown>;
  }
}
