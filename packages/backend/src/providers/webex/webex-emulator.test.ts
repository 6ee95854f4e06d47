import { startWebexEmulator } from '@calendar-connect/emulators';
import { createOutbound } from '../../outbound/outbound.ts';
import { conferencingContract } from '../meetings.contract.ts';
import { CLIENT, EMULATOR_CLIENTS, REDIRECT_URI, signIn } from '../oauth2/signed-in.contract.ts';
import { webex } from './webex.ts';

conferencingContract('webex', async () => {
  const emulator = await startWebexEmulator({ clients: EMULATOR_CLIENTS });
  const { url } = emulator;
  const { clientId, clientSecret } = CLIENT;
  let closed: Promise<void> | undefined;
  return {
    service: webex({
      clientId,
      clientSecret,
      endpoints: { authorization: `${url}/v1/authorize`, token: `${url}/v1/access_token`, api: url },
      outbound: createOutbound(),
    }),
    client: CLIENT,
    redirectUri: REDIRECT_URI,
    approve: (address) => signIn(address, 'allow'),
    decline: (address) => signIn(address, 'decline'),
    revocation: 'unsupported',
    tellsWhatWasGone: true,
    meetingsChange: true,
    close: () => (closed ??= emulator.close()),
  };
});
