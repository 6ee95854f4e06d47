import { type RunningZoomEmulator, startZoomEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutbound } from '../../outbound/outbound.ts';
import { conferencingContract } from '../meetings.contract.ts';
import { CLIENT, EMULATOR_CLIENTS, PERSON, REDIRECT_URI, signIn } from '../oauth2/signed-in.contract.ts';
import type { AuthorizationRequest, ConferencingService, Credential } from '../provider.ts';
import { DRAFT } from '../scripted-meetings.contract.ts';
import { zoom } from './zoom.ts';

function zoomAt(url: string): ConferencingService {
  return zoom({
    clientId: CLIENT.clientId,
    clientSecret: CLIENT.clientSecret,
    endpoints: { authorization: `${url}/oauth/authorize`, token: `${url}/oauth/token`, revocation: `${url}/oauth/revoke`, api: url },
    outbound: createOutbound(),
  });
}

conferencingContract('zoom', async () => {
  const emulator = await startZoomEmulator({ clients: EMULATOR_CLIENTS });
  let closed: Promise<void> | undefined;
  return {
    service: zoomAt(emulator.url),
    client: CLIENT,
    redirectUri: REDIRECT_URI,
    approve: (address) => signIn(address, 'allow'),
    decline: (address) => signIn(address, 'decline'),
    revocation: 'supported',
    tellsWhatWasGone: true,
    meetingsChange: true,
    close: () => (closed ??= emulator.close()),
  };
});

describe('zoom at its emulator', () => {
  let emulator: RunningZoomEmulator;
  let service: ConferencingService;

  beforeEach(async () => {
    emulator = await startZoomEmulator({ clients: EMULATOR_CLIENTS });
    service = zoomAt(emulator.url);
  });
  afterEach(() => emulator.close());

  async function credential(): Promise<Credential> {
    const connect = await service.connect();
    const request: AuthorizationRequest = {
      redirectUri: REDIRECT_URI,
      mode: 'full',
      state: 's',
      nonce: 'n',
      codeVerifier: 'v'.repeat(43),
      loginHint: undefined,
      interaction: 'choose',
    };
    const query = await signIn(connect.authorizationUrl(CLIENT, request), 'allow');
    const outcome = await connect.exchange(CLIENT, { ...request, code: query.get('code') ?? '' });
    if (outcome.outcome !== 'connected') throw new Error(`the exchange ended as ${JSON.stringify(outcome)}`);
    return outcome.credential;
  }

  it('costs nobody their connection when the meetings of a day are used up', async () => {
    const held = await credential();
    emulator.control.setFor(PERSON, { dailyMeetingLimit: 0 });
    const meetings = await service.meetings();
    expect(await meetings.create(held, { ...DRAFT, idempotencyKey: 'k' })).toMatchObject({ outcome: 'unavailable' });
  });

  it('finds a grant dead whose person connected again, as Zoom has it', async () => {
    emulator.control.set({ onePairPerApp: true });
    const [first, second] = [await credential(), await credential()];
    const connect = await service.connect();
    expect(await connect.refresh(CLIENT, first)).toMatchObject({ outcome: 'rejected' });
    expect(await connect.refresh(CLIENT, second)).toMatchObject({ outcome: 'refreshed' });
  });

  it.each([true, false])('knows a dead refresh token in either of Zoom’s spellings (older: %s)', async (deadTokensAreInvalidRequest) => {
    const held = await credential();
    emulator.control.set({ deadTokensAreInvalidRequest });
    emulator.control.setFor(PERSON, { denyRefresh: true });
    expect(await (await service.connect()).refresh(CLIENT, held)).toMatchObject({ outcome: 'rejected' });
  });
});
