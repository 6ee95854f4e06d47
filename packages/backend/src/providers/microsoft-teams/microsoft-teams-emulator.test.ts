import { type RunningMicrosoftEmulator, startMicrosoftEmulator } from '@calendar-connect/emulators';
import { describe, expect, it } from 'vitest';
import { createOutbound } from '../../outbound/outbound.ts';
import { conferencingContract } from '../meetings.contract.ts';
import { AMIRA, ATTEMPT, CLIENT, LEA, REDIRECT_URI, signIn } from '../microsoft/microsoft-people.contract.ts';
import type { ConferencingService } from '../provider.ts';
import { microsoftTeams } from './microsoft-teams.ts';

function startEmulator(): Promise<RunningMicrosoftEmulator> {
  const { clientId, clientSecret } = CLIENT;
  const permissions = { delegated: ['User.Read', 'OnlineMeetings.ReadWrite'] };
  return startMicrosoftEmulator({ clients: [{ clientId, clientSecret, redirectUris: [REDIRECT_URI], permissions }] });
}

function teamsAt(url: string): ConferencingService {
  return microsoftTeams({
    clientId: CLIENT.clientId,
    clientSecret: CLIENT.clientSecret,
    endpoints: { issuerOrigin: url, authority: url, tokenAuthority: url, graph: url },
    outbound: createOutbound(),
  });
}

conferencingContract('microsoft teams', async () => {
  const emulator = await startEmulator();
  let closed: Promise<void> | undefined;
  return {
    service: teamsAt(emulator.url),
    client: CLIENT,
    redirectUri: REDIRECT_URI,
    approve: (url) => signIn(url, { account: LEA }),
    decline: (url) => signIn(url, { account: LEA, decision: 'cancel' }),
    revocation: 'unsupported',
    tellsWhatWasGone: false,
    meetingsChange: true,
    close: () => (closed ??= emulator.close()),
  };
});

describe('microsoft teams at its emulator', () => {
  it('says that an administrator has to approve first', async () => {
    const emulator = await startEmulator();
    try {
      const connect = await teamsAt(emulator.url).connect();
      const query = await signIn(connect.authorizationUrl(CLIENT, ATTEMPT), { account: AMIRA, decision: 'return' });
      expect(connect.readCallback(query)).toMatchObject({ outcome: 'admin_approval_needed' });
    } finally {
      await emulator.close();
    }
  });
});
