import { startGoToEmulator } from '@calendar-connect/emulators';
import { createOutbound } from '../../outbound/outbound.ts';
import { conferencingContract } from '../meetings.contract.ts';
import { CLIENT, EMULATOR_CLIENTS, REDIRECT_URI, signIn } from '../oauth2/signed-in.contract.ts';
import { goTo } from './goto.ts';

conferencingContract('goto', async () => {
  const emulator = await startGoToEmulator({ clients: EMULATOR_CLIENTS });
  const { url } = emulator;
  const { clientId, clientSecret } = CLIENT;
  let closed: Promise<void> | undefined;
  return {
    service: goTo({
      clientId,
      clientSecret,
      endpoints: { authorization: `${url}/oauth/authorize`, token: `${url}/oauth/token`, revocation: `${url}/oauth/revoke`, api: url },
      outbound: createOutbound(),
    }),
    client: CLIENT,
    redirectUri: REDIRECT_URI,
    approve: (address) => signIn(address, 'allow'),
    decline: (address) => signIn(address, 'decline'),
    revocation: 'supported',
    tellsWhatWasGone: false,
    meetingsChange: true,
    close: () => (closed ??= emulator.close()),
  };
});
