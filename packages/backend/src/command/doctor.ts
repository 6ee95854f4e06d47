import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createNetwork } from '../outbound/network.ts';
import { examine } from '../providers/exchange/examine.ts';
import { completeExchangeOptions } from '../providers/exchange/options.ts';
import { doctorReport, doctorText } from './doctor-report.ts';
import { egressAddressesFrom, networkFrom } from './network-settings.ts';
import type { Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';

/** The flags of `doctor`, as they were given. */
export interface DoctorFlags {
  readonly server?: string;
  readonly 'user-name'?: string;
  readonly 'password-stdin'?: boolean;
  readonly report?: string;
}

/**
 * `calendar-connect doctor exchange ADDRESS`: looks for the Exchange server of a mail address as the page does, and says what was tried, what answered
 * and what that means; with a password also what the mailbox answers, in numbers alone. Without one nothing of the person's is sent but the address.
 */
export async function doctor(settings: Settings, words: readonly string[], flags: DoctorFlags): Promise<string> {
  const [what, address, ...more] = words;
  if (what !== 'exchange' || address === undefined || more.length > 0) {
    throw new UsageError('doctor: expected exchange and a mail address: calendar-connect doctor exchange ann@corp.example');
  }
  const password = flags['password-stdin'] === true ? await readPassword() : undefined;
  const network = createNetwork(networkFrom(settings, false));
  const examined = await examine(await completeExchangeOptions({}, network), {
    address,
    serverAddress: flags.server,
    login: password === undefined ? undefined : { userName: flags['user-name'] ?? address, password },
  });
  const subject = { domain: address.slice(address.lastIndexOf('@') + 1), egressAddresses: egressAddressesFrom(settings), at: new Date() };
  if (flags.report === undefined) return doctorText(examined, subject);
  writeFileSync(flags.report, doctorReport(examined, subject));
  return `${doctorText(examined, subject)}\n\nWritten for the IT team: ${flags.report}`;
}

/** One line; the line break that ends it is no part of it. */
async function readPassword(): Promise<string> {
  const read = process.stdin.isTTY ? readFileSync(0, 'utf8') : await text(process.stdin);
  const password = read.replace(/\r?\n$/, '');
  if (password === '') throw new UsageError('doctor: --password-stdin expects the password on standard input: … < FILE');
  return password;
}
