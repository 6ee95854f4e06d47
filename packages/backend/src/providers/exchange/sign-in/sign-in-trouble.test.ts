import { type RunningExchangeEmulator, startExchangeEmulator } from '@calendar-connect/emulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConversations } from '../../../outbound/conversation.ts';
import type { SignInOutcome } from '../../password-sign-in.ts';
import { completeExchangeOptions } from '../options.ts';
import { createExchangeSignIn } from './sign-in.ts';

const AMIRA = { address: 'amira@corp.example', userName: 'CORP\\ahaddad', password: 'Amira-s Password 1' };
const HINTS = { address: AMIRA.address, serverAddress: 'mail.corp.example', approvedHosts: [] };
const NOTHING_KNOWN = { allows: () => false };
const HOST = 'mail.corp.example';

let emulator: RunningExchangeEmulator;
beforeEach(async () => {
  emulator = await startExchangeEmulator({ hosts: [{ name: HOST, addresses: ['93.184.216.1'] }] });
});
afterEach(() => emulator.close());

/** The whole way; the fault comes after the server was found. */
async function signIn(fault?: Parameters<RunningExchangeEmulator['control']['addFault']>[0]): Promise<SignInOutcome> {
  const { network, ca, control } = emulator;
  const conversations = createConversations({ ca, proxy: network.proxyUrl }, { resolve: (name) => network.resolve(name) });
  const part = createExchangeSignIn(await completeExchangeOptions({ conversations }, undefined));
  const found = await part.find(HINTS, NOTHING_KNOWN);
  if (found.outcome !== 'found') throw new Error(`expected a server, found ${found.outcome}`);
  if (fault !== undefined) control.addFault(fault);
  control.clearRequests();
  return part.signIn({ ...HINTS, ...AMIRA, target: found.target }, NOTHING_KNOWN);
}

/** An error of one item, in an answer with status 200. */
function itemError(code: string, more = ''): string {
  return (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:GetFolderResponse ' +
    'xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">' +
    `<m:ResponseMessages><m:GetFolderResponseMessage ResponseClass="Error"><m:ResponseCode>${code}</m:ResponseCode>${more}` +
    '</m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse></s:Body></s:Envelope>'
  );
}

const NESTED_BUSY =
  '<m:MessageXml><t:Value Name="BackOffMilliseconds">60000</t:Value><t:Value Name="InnerErrorResponseCode">ErrorServerBusy</t:Value></m:MessageXml>';

describe('signing in at an Exchange that is in trouble', () => {
  it('names the mailbox in every question of EWS, so that each gets to the server that has it', async () => {
    expect(await signIn()).toMatchObject({ outcome: 'connected' });
    const posted = emulator.control.requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/EWS/'));
    expect(posted.map(({ operation }) => operation).filter(Boolean)).toEqual(['GetFolder', 'ConvertId']);
    expect(new Set(posted.map(({ anchorMailbox }) => anchorMailbox))).toEqual(new Set([AMIRA.address]));
  });

  it.each([
    'ErrorMailboxMoveInProgress',
    'ErrorMailboxStoreUnavailable',
    'ErrorADUnavailable',
    'ErrorExceededConnectionCount',
    'ErrorTimeoutExpired',
  ])('is told that it is busy where it answers %s', async (code) => {
    const fault = { group: 'ews', operation: 'GetFolder', status: 200, body: itemError(code) } as const;
    expect(await signIn(fault)).toMatchObject({ outcome: 'failed', reason: 'server_busy', host: HOST });
  });

  it('is told that it is busy where that stands inside of another error', async () => {
    const fault = { group: 'ews', operation: 'GetFolder', status: 200, body: itemError('ErrorInternalServerError', NESTED_BUSY) } as const;
    expect(await signIn(fault)).toMatchObject({ outcome: 'failed', reason: 'server_busy' });
  });

  it.each([
    ['server_busy', { ewsCode: 'ErrorServerBusy', backOffMs: 60_000 }],
    ['server_busy', { status: 503 }],
    ['server_unreachable', { drop: true }],
    ['access_switched_off', { ewsCode: 'ErrorAccessDenied' }],
    ['identity_unverified', { ewsCode: 'ErrorInvalidOperation' }],
  ] as const)('is %s where that happens while it is asked whose mailbox it is: %j', async (reason, fault) => {
    expect(await signIn({ group: 'ews', operation: 'ConvertId', ...fault })).toMatchObject({ outcome: 'failed', reason, host: HOST });
  });
});
