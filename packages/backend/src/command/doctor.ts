import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createNetwork } from '../outbound/network.ts';
import { parseMailAddress } from '../providers/exchange/autodiscover/mail-address.ts';
import { type Conclusion, examine } from '../providers/exchange/examine.ts';
import { parseServerAddress } from '../providers/exchange/log-in/server-address.ts';
import { completeExchangeOptions } from '../providers/exchange/options.ts';
import { registrableDomain } from '../providers/exchange/public-suffixes.ts';
import { loadKnowledge } from './doctor-knowledge.ts';
import { doctorReport, doctorText } from './doctor-report.ts';
import { egressAddressesFrom, networkFrom } from './network-settings.ts';
import type { Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';

/** The flags of `doctor`, as they were given. */
export interface DoctorFlags {
  readonly server?: string;
  readonly 'user-name'?: string;
  readonly 'password-stdin'?: boolean;
  readonly application?: string;
  readonly report?: string;
}

/** What the doctor says, and how the command ends: 0 where a server was found or logged in to. */
export interface Diagnosis {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

const WELL: readonly Conclusion['outcome'][] = ['found', 'logged_in'];

/**
 * `calendar-connect doctor exchange ADDRESS`: looks for the Exchange server of a mail address as the page does, and says what was tried, what answered
 * and what that means; with a password also what the mailbox answers, in numbers alone. Without one nothing of the person's is sent but the address.
 *
 * @throws UsageError
 * @throws CalendarConnectError `application_not_found`
 */
export async function doctor(settings: Settings, words: readonly string[], flags: DoctorFlags): Promise<Diagnosis> {
  const { address, domain } = readAddress(words);
  const { server, application, report } = flags;
  if (server !== undefined && parseServerAddress(server) === undefined) {
    throw new UsageError('doctor: --server: expected a server such as mail.corp.example');
  }
  const knowledge =
    application === undefined ? undefined : await loadKnowledge(settings, { applicationId: application, mailDomain: domain });
  const password = flags['password-stdin'] === true ? await readPassword() : undefined;
  const options = networkFrom(settings, false);
  const examined = await examine(await completeExchangeOptions({}, createNetwork(options)), {
    address,
    serverAddress: server,
    login: password === undefined ? undefined : { userName: flags['user-name'] ?? address, password },
    knowledge: knowledge ?? { allows: () => false },
  });
  const { oldTlsHosts = [] } = options;
  const knownServers = knowledge?.known?.length;
  const subject = { domain, egressAddresses: egressAddressesFrom(settings), oldTlsHosts, knownServers, at: new Date() };
  const said = doctorText(examined, subject);
  if (report !== undefined) writeFileSync(report, doctorReport(examined, subject));
  return {
    text: report === undefined ? said : `${said}\n\nWritten for the IT team: ${report}`,
    exitCode: WELL.includes(examined.conclusion.outcome) ? 0 : 1,
  };
}

function readAddress(words: readonly string[]): { readonly address: string; readonly domain: string } {
  const [what, address, ...more] = words;
  if (what !== 'exchange' || address === undefined || more.length > 0) {
    throw new UsageError('doctor: expected exchange and a mail address: calendar-connect doctor exchange ann@corp.example');
  }
  const read = parseMailAddress(address, registrableDomain);
  if (typeof read === 'object') return read;
  throw new UsageError(`doctor: expected the e-mail address of an organisation, such as ann@corp.example, received another (${read})`);
}

/** One line; the line break that ends it is no part of it. */
async function readPassword(): Promise<string> {
  const read = process.stdin.isTTY ? readFileSync(0, 'utf8') : await text(process.stdin);
  const password = read.replace(/\r?\n$/, '');
  if (password === '') throw new UsageError('doctor: --password-stdin expects the password on standard input: … < FILE');
  return password;
}
