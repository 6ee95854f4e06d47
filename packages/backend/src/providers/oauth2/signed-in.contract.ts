import type { ProviderClient } from '../provider.ts';
import { redirectQuery, submitForm } from '../submit-form.contract.ts';

export const REDIRECT_URI = 'http://connect.localhost:3000/connect/callback/service';
export const CLIENT: ProviderClient = { id: 'pcl_000000000000000000000001', clientId: 'service-client', clientSecret: 'service-secret' };
export const PERSON = 'amira@partner.example';

/** Goes through the pages of a conferencing service's emulator: chooses the account, then the answer. */
export async function signIn(url: URL, decision: 'allow' | 'decline' | 'cancel'): Promise<URLSearchParams> {
  const consent = await submitForm(await fetch(url), { holding: 'name="account"', press: { account: PERSON } });
  return redirectQuery(await submitForm(consent, { holding: 'name="decision"', press: { decision } }));
}

/** What an emulator is started with. */
export const EMULATOR_CLIENTS: readonly { clientId: string; clientSecret: string; redirectUris: readonly string[] }[] = [
  { clientId: CLIENT.clientId, clientSecret: CLIENT.clientSecret, redirectUris: [REDIRECT_URI] },
];
