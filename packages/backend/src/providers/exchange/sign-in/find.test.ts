import { randomBytes } from 'node:crypto';
import { type ExchangeHostSeed, type RunningExchangeEmulator, startExchangeEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConversations } from '../../../outbound/conversation.ts';
import type { FindOutcome } from '../../password-sign-in.ts';
import { findServer } from './find.ts';

const KNOWN = 'https://mail.corp.example/EWS/Exchange.asmx';
const NEXT = 'https://next.corp.example/EWS/Exchange.asmx';

let emulator: RunningExchangeEmulator;
beforeEach(async () => {
  emulator = await startExchangeEmulator({ hosts: [{ name: 'next.corp.example', addresses: ['93.184.216.2'] }] });
});
afterEach(() => emulator.close());

/** Looks where two servers of colleagues are known. */
function find(): Promise<FindOutcome> {
  const { network, ca } = emulator;
  const conversations = createConversations({ ca, proxy: network.proxyUrl }, { resolve: (name) => network.resolve(name) });
  const settings = { conversations, resolveServices: () => Promise.resolve([]), now: Date.now, randomBytes };
  const known = [KNOWN, NEXT].map((ewsUrl) => ({ ewsUrl, offersNtlm: true }));
  return findServer(settings, { address: 'amira@corp.example', approvedHosts: [] }, { allows: () => false, known });
}

describe('a server that colleagues use', () => {
  it.each<readonly [what: string, https: NonNullable<ExchangeHostSeed['https']>, gone: readonly string[]]>([
    ['fails', { kind: 'website', status: 500 }, []],
    ['lets nobody in', { kind: 'website', status: 403 }, []],
    ['is busy', { kind: 'website', status: 503 }, []],
    ['sends everybody to a page about its maintenance', { kind: 'redirect', to: 'https://www.corp.example/maintenance' }, []],
    ['has no Exchange any longer', { kind: 'website', status: 404 }, [KNOWN]],
    ['says that it has none for good', { kind: 'website', status: 410 }, [KNOWN]],
    ['is a web site', { kind: 'website' }, [KNOWN]],
  ])('that %s leaves its place to the next one, and is forgotten only where it is gone', async (_what, https, gone) => {
    emulator.control.setHost({ name: 'mail.corp.example', addresses: ['93.184.216.1'], https });
    expect(await find()).toMatchObject({ outcome: 'found', target: { ewsUrl: NEXT }, gone });
  });
});
