import { type RunningExchangeEmulator, startExchangeEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createConversations } from '../../../outbound/conversation.ts';
import type { ServerKnowledge, SignInOutcome } from '../../password-sign-in.ts';
import type { Provider } from '../../provider.ts';
import { exchange } from '../exchange.ts';

const AMIRA = { address: 'amira@corp.example', userName: 'CORP\\ahaddad', password: 'Amira-s Password 1' };
const HINTS = { address: AMIRA.address, serverAddress: 'mail.corp.example', approvedHosts: [] };
/** As after the operator has removed what was known of the server. */
const NOTHING_KNOWN: ServerKnowledge = { allows: () => false };
const HOUR_MS = 3600_000;

let emulator: RunningExchangeEmulator;
let provider: Provider;
let nowMs: number;
beforeEach(async () => {
  nowMs = Date.now();
  emulator = await startExchangeEmulator({ hosts: [{ name: 'mail.corp.example', addresses: ['93.184.216.1'] }] });
  const { network, ca } = emulator;
  const conversations = createConversations({ ca, proxy: network.proxyUrl }, { resolve: (name) => network.resolve(name) });
  provider = exchange({ conversations, now: () => nowMs });
});
afterEach(() => emulator.close());

async function signIn(): Promise<SignInOutcome> {
  const part = await provider.passwordSignIn?.();
  const found = await part?.find(HINTS, NOTHING_KNOWN);
  if (part === undefined || found?.outcome !== 'found') throw new Error(`expected a server, found ${found?.outcome}`);
  return part.signIn({ ...HINTS, ...AMIRA, target: found.target }, NOTHING_KNOWN);
}

it('lets people sign in again, and their calendars be read, a day after the administrator changed a server from NTLM to Basic', async () => {
  expect(await signIn()).toMatchObject({ outcome: 'connected', server: { offersNtlm: true } });
  emulator.control.setHost({ name: 'mail.corp.example', https: { kind: 'exchange', authentication: { ews: ['basic'] } } });
  nowMs += 23 * HOUR_MS;
  emulator.control.clearRequests();
  expect(await signIn()).toMatchObject({ outcome: 'failed', reason: 'login_unsafe' });
  expect(emulator.control.credentialsSentTo('mail.corp.example')).toEqual([]);
  nowMs += HOUR_MS;
  const signedIn = await signIn();
  expect(signedIn).toMatchObject({ outcome: 'connected', server: { offersNtlm: false } });
  const reader = await provider.calendar();
  if (signedIn.outcome === 'connected') expect(await reader.listCalendars(signedIn.credential, 'full')).toMatchObject({ outcome: 'ok' });
});
