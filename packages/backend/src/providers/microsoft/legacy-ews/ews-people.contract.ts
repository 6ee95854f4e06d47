import type { RunningMicrosoftEmulator } from '@calendar-connect/emulators';
import { createOutbound, type Outbound } from '../../../outbound/outbound.ts';
import type { Credential, ExchangeOutcome, Provider } from '../../provider.ts';
import { ATTEMPT, CLIENT, signIn } from '../microsoft-people.contract.ts';
import { microsoft } from '../microsoft.ts';
import type { MicrosoftOptions } from '../options.ts';

/** The provider at an emulator, which asks for EWS unless said otherwise. */
export function ewsAt(url: string, options: Partial<MicrosoftOptions> = {}): Provider {
  return microsoft({
    clientId: CLIENT.clientId,
    clientSecret: CLIENT.clientSecret,
    endpoints: { issuerOrigin: url, authority: url, tokenAuthority: url, graph: url, ews: `${url}/EWS/Exchange.asmx` },
    outbound: doorTo(),
    legacyEws: true,
    ...options,
  });
}

/** A door that waits long enough for a busy machine. */
export function doorTo(): Outbound {
  return createOutbound({ timeoutMs: 10_000 });
}

/** Signs a person in in full mode, and gives what came of it. */
async function connectInFull(provider: Provider, account: string): Promise<ExchangeOutcome> {
  const connect = await provider.connect();
  const reading = connect.readCallback(await signIn(connect.authorizationUrl(CLIENT, ATTEMPT), { account }));
  if (reading.outcome !== 'code') throw new Error(`the callback was read as ${reading.outcome}`);
  return connect.exchange(CLIENT, { ...ATTEMPT, code: reading.code });
}

/** Connects a person in full mode. */
export async function credentialIn(provider: Provider, account: string): Promise<Credential> {
  const outcome = await connectInFull(provider, account);
  if (outcome.outcome !== 'connected') throw new Error(`the exchange ended as ${JSON.stringify(outcome)}`);
  return outcome.credential;
}

/** Which APIs were asked since the last look: `ews` and `graph`. */
export function apisAsked({ control }: RunningMicrosoftEmulator): readonly string[] {
  const apis = control.requests.map(({ path }) =>
    path === '/EWS/Exchange.asmx' ? 'ews' : path.startsWith('/v1.0/') ? 'graph' : 'sign-in',
  );
  control.clearRequests();
  return [...new Set(apis)];
}
