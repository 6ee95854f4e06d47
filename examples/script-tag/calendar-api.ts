/** What we hold of a connection: on the server, and nowhere else. */
export interface Connection {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Our application at the backend. */
interface Credentials {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the demo shows of `GET /v1/userinfo`. */
export interface Userinfo {
  readonly sub: string;
  readonly 'cronofy.data': {
    readonly profiles: readonly {
      readonly profile_name: string;
      readonly provider_name: string;
      readonly profile_connected: boolean;
      readonly profile_calendars: readonly { readonly calendar_name: string; readonly calendar_primary: boolean }[];
    }[];
  };
}

/** Asks whose calendars a connection gives; `undefined` where it no longer does. */
export async function connectionOf(issuer: string, { accessToken }: Connection): Promise<Userinfo | undefined> {
  const response = await fetch(`${issuer}/v1/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
  // The partner API's own shape; a real partner would check it.
  return response.ok ? ((await response.json()) as Userinfo) : undefined;
}

/** Exchanges the code of `/oauth/authorize`. */
export async function exchangeCode(
  credentials: Credentials,
  { code, redirectUri }: { code: string; redirectUri: string },
): Promise<Connection> {
  const answer = await post(credentials, '/oauth/token', { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
  const tokens = (await answer.json()) as { access_token: string; refresh_token: string };
  return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token };
}

/** Ends the whole authorization. */
export async function revoke(credentials: Credentials, { refreshToken }: Connection): Promise<void> {
  await post(credentials, '/oauth/token/revoke', { token: refreshToken });
}

async function post({ issuer, clientId, clientSecret }: Credentials, path: string, fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
  const response = await fetch(`${issuer}${path}`, { method: 'POST', body });
  if (!response.ok) throw new Error(`${path} answered with status ${response.status}`);
  return response;
}
