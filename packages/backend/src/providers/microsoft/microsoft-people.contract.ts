import { type RunningMicrosoftEmulator, startMicrosoftEmulator } from '@calendar-connect/emulators';
import { createOutbound } from '../../outbound/outbound.ts';
import type { AuthorizationRequest, Provider, ProviderClient } from '../provider.ts';
import { redirectQuery, submitForm } from '../submit-form.contract.ts';
import { microsoft } from './microsoft.ts';

/** Work, in an organisation where only its administrator Noor may consent to calendars. */
export const AMIRA = 'amira@partner.example';
export const NOOR = 'noor@partner.example';
/** Work, in an organisation where people may consent; a guest at Amira's. */
export const LEA = 'lea@studio.example';
/** Work, in an organisation with the request workflow. */
export const MIKA = 'mika@council.example';
/** Personal. */
export const JONAS = 'jonas@outlook.example';

export const REDIRECT_URI = 'http://connect.localhost:3000/connect/callback/microsoft';
export const CLIENT: ProviderClient = {
  id: 'pcl_000000000000000000000001',
  clientId: '11111111-2222-4333-8444-555555555555',
  clientSecret: 'an~example~secret',
};

/** What one attempt sets out with. */
export const ATTEMPT: AuthorizationRequest = {
  redirectUri: REDIRECT_URI,
  mode: 'full',
  state: 'state-1',
  nonce: 'nonce-1',
  codeVerifier: 'verifier-0123456789-verifier-0123456789-012',
  loginHint: undefined,
  interaction: 'choose',
};

/** Starts an emulator that knows our client. */
export function startEmulator(): Promise<RunningMicrosoftEmulator> {
  return startMicrosoftEmulator({
    clients: [
      {
        clientId: CLIENT.clientId,
        clientSecret: CLIENT.clientSecret,
        redirectUris: [REDIRECT_URI],
        permissions: { delegated: ['User.Read', 'Calendars.ReadWrite', 'Calendars.ReadBasic'] },
      },
    ],
  });
}

/** The provider at an emulator. */
export function microsoftAt(url: string): Provider {
  return microsoft({
    clientId: CLIENT.clientId,
    clientSecret: CLIENT.clientSecret,
    endpoints: { issuerOrigin: url, authority: url, tokenAuthority: url, graph: url },
    outbound: createOutbound(),
  });
}

/** How a person goes through Microsoft's pages. */
export interface Choices {
  readonly account: string;
  readonly decision?: 'accept' | 'cancel' | 'return';
}

/** Chooses the account, answers whatever page comes then, and gives the query that ends at the redirect URI. */
export async function signIn(url: URL, { account, decision = 'accept' }: Choices): Promise<URLSearchParams> {
  const next = await submitForm(await fetch(url), { holding: 'name="account"', press: { account } });
  if (next.status === 302) return redirectQuery(next);
  return redirectQuery(await submitForm(next, { holding: 'name="decision"', press: { decision } }));
}

/** The cookie of a browser in which this person is signed in at Microsoft. */
export async function signedInCookie(url: URL, account: string): Promise<string> {
  const next = await submitForm(await fetch(url), { holding: 'name="account"', press: { account } });
  return next.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ');
}
