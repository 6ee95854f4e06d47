import { randomBytes } from 'node:crypto';
import {
  type ExchangeEmulatorOptions,
  type ExchangeHostSeed,
  type RunningExchangeEmulator,
  startExchangeEmulator,
} from '@calendar-connect/emulators';
import { createConversations } from '../../outbound/conversation.ts';
import type { CalendarReader } from '../calendar-reader.ts';
import type { Credential } from '../provider.ts';
import { createExchangeCalendar, type ExchangeCalendarSettings } from './calendar.ts';
import { createAccountConnection } from './log-in/account-connection.ts';
import { createSchemeMemory } from './log-in/choose-scheme.ts';

/** An emulated organisation, and what reads its calendars. */
export interface ExchangeCalendarsUnderTest {
  readonly emulator: RunningExchangeEmulator;
  readonly reader: CalendarReader;
  readonly openAccount: ExchangeCalendarSettings['openAccount'];
}

/** A public address, so that the guard has nothing against it; the emulator's proxy leads there. */
const HOSTS: readonly ExchangeHostSeed[] = [{ name: 'mail.corp.example', addresses: ['93.184.216.1'] }];

/** Starts an organisation whose server is reached by all rules of the way out. */
export async function startExchangeCalendars(options: ExchangeEmulatorOptions = {}): Promise<ExchangeCalendarsUnderTest> {
  const emulator = await startExchangeEmulator({ hosts: HOSTS, ...options });
  const { network, ca } = emulator;
  const conversations = createConversations({ ca, proxy: network.proxyUrl }, { resolve: (name) => network.resolve(name) });
  const parts = { conversations, now: Date.now, randomBytes, schemes: createSchemeMemory() };
  const openAccount: ExchangeCalendarSettings['openAccount'] = (account) => createAccountConnection(account, parts);
  return { emulator, openAccount, reader: createExchangeCalendar({ openAccount, now: Date.now }) };
}

/** What a profile keeps of a login. */
export function loginOf(mailbox: string, userName: string, password: string): Credential {
  return {
    accessToken: '',
    accessTokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
    refreshToken: '',
    grantedScopes: [],
    endsAtMs: undefined,
    mailbox,
    login: { ewsUrl: 'https://mail.corp.example/EWS/Exchange.asmx', userName, password },
  };
}

/** The emulator's Amira, who has a full week and three calendars. */
export const AMIRA: Credential = loginOf('amira@corp.example', 'CORP\\ahaddad', 'Amira-s Password 1');
