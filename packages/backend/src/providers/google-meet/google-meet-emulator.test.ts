import { startGoogleEmulator } from '@calendar-connect/emulators';
import { createOutbound } from '../../outbound/outbound.ts';
import { conferencingContract } from '../meetings.contract.ts';
import { CLIENT, EMULATOR_CLIENTS, REDIRECT_URI, signIn } from '../oauth2/signed-in.contract.ts';
import { googleMeet } from './google-meet.ts';

conferencingContract('google meet', async () => {
  const emulator = await startGoogleEmulator({ clients: EMULATOR_CLIENTS });
  const { url } = emulator;
  const { clientId, clientSecret } = CLIENT;
  let closed: Promise<void> | undefined;
  return {
    service: googleMeet({
      clientId,
      clientSecret,
      endpoints: {
        issuer: url,
        authorization: `${url}/o/oauth2/v2/auth`,
        token: `${url}/token`,
        revocation: `${url}/revoke`,
        keys: `${url}/oauth2/v3/certs`,
        meet: url,
      },
      outbound: createOutbound(),
    }),
    client: CLIENT,
    redirectUri: REDIRECT_URI,
    approve: (address) => signIn(address, 'allow'),
    decline: (address) => signIn(address, 'cancel'),
    revocation: 'supported',
    tellsWhatWasGone: true,
    meetingsChange: false,
    close: () => (closed ??= emulator.close()),
  };
});
