import { en } from '@calendar-connect/protocol/sentences/en';
import { TRACE_MEANINGS, type TraceStep } from '../providers/exchange/autodiscover/trace.ts';
import type { MailboxLook } from '../providers/exchange/examine-mailbox.ts';
import type { Examined } from '../providers/exchange/examine.ts';
import type { SignInFailure } from '../providers/password-sign-in.ts';
import { explainFailure } from '../providers/exchange/sign-in/failure.ts';

/** Whom it is about. */
export interface Examination {
  readonly domain: string;
  readonly egressAddresses: readonly string[];
  /** For which TLS 1.0 is allowed. */
  readonly oldTlsHosts: readonly string[];
  /** How many servers the application knows for the domain; `undefined`: none was asked. */
  readonly knownServers: number | undefined;
  readonly at: Date;
}

const COLUMNS = ['step', 'asked', 'answered', 'meaning'] as const;
const MAILBOX_COLUMNS = ['question', 'answered', 'meaning'] as const;
const MAILBOX_TITLE = 'What this mailbox answers';

const QUESTIONS: Readonly<Record<MailboxLook['question'], string>> = {
  own_mailbox: 'whose mailbox',
  calendars: 'calendars',
  free_busy: 'free/busy',
  changes: 'changes',
  rooms: 'room lists',
};

const MAILBOX_MEANINGS: Readonly<Record<Exclude<MailboxLook['outcome'], 'ok'>, string>> = {
  another_mailbox: 'The login opens another mailbox than that of this address. That one is connected.',
  unsaid: 'The server does not say whose mailbox it is. Nobody is connected without.',
  unauthorized: 'The login was refused.',
  forbidden: 'The login may not do this.',
  no_mailbox: 'There is no mailbox for this address here.',
  not_found: 'The server does not find the calendar.',
  denied: 'The calendar is not open to this login.',
  begin_anew: 'The server forgets what it has told.',
  not_known_by_server: 'This server has no room lists.',
  unavailable: 'The server is busy, or has trouble. It may pass.',
};

/** What the doctor says on the screen: the tables, and what came of it. */
export function doctorText(examined: Examined, about: Examination): string {
  const { trace, mailbox } = examined;
  const looks = mailbox.length === 0 ? [] : [`${MAILBOX_TITLE}:`, '', ...aligned(MAILBOX_COLUMNS, mailbox.map(cellsOfLook)), ''];
  const steps = trace.length === 0 ? [] : [...aligned(COLUMNS, trace.map(cellsOf)), ''];
  return [...steps, ...looks, ...cameOf(examined, about), '', whatWasKnown(about)].join('\n');
}

/** The same for the IT team, as Markdown. It has the domain in it, and neither the mail address nor a password. */
export function doctorReport(examined: Examined, about: Examination): string {
  const { domain, egressAddresses, at } = about;
  const { trace, mailbox } = examined;
  return [
    `# Exchange of ${domain}, as Calendar Connect sees it`,
    '',
    `${at.toISOString()}, from the internet${egressAddresses.length === 0 ? '' : `, from ${egressAddresses.join(', ')}`}.`,
    '',
    ...cameOf(examined, about),
    ...(trace.length === 0 ? [] : ['', ...markdown(COLUMNS, trace.map(cellsOf))]),
    ...(mailbox.length === 0 ? [] : ['', `## ${MAILBOX_TITLE}`, '', ...markdown(MAILBOX_COLUMNS, mailbox.map(cellsOfLook))]),
    '',
    '## What is needed',
    '',
    `- HTTPS, port 443, from ${fromWhere(egressAddresses)} to Exchange Web Services (\`/EWS/Exchange.asmx\`), and to Autodiscover (\`/autodiscover/…\`) if people shall need no server address.`,
    '- A certificate for the name of the server, from an authority that is trusted publicly or that the operator has added, with its intermediate certificates.',
    '- NTLM or, over that TLS, Basic for `/EWS`; connections that the reverse proxy keeps apart, because NTLM logs a connection in.',
    '- EWS switched on for the mailboxes, and `CalendarConnect/*` among the user agents where `EwsAllowList` is used.',
    '',
    'Exchange knows no permission for calendars alone: a login opens the whole mailbox. What is used of it are the operations for calendars, listed in what people see before they connect; with free/busy mode, `GetUserAvailability`, besides `GetFolder` and `ConvertId`, which say whose mailbox it is.',
    '',
  ].join('\n');
}

function cameOf(examined: Examined, { egressAddresses, oldTlsHosts }: Examination): readonly string[] {
  return [...conclusionOf(examined, oldTlsHosts), ...oldTls(examined, oldTlsHosts), ...whatToOpen(examined, egressAddresses)];
}

/** Colleagues and the operator may have named servers, which the page asks first. */
function whatWasKnown({ domain, knownServers }: Examination): string {
  if (knownServers === undefined) {
    return 'No application’s servers were used. With --application CLIENT_ID, those that are remembered or allowed for its people count as on the page.';
  }
  return `The application knows ${knownServers} server${knownServers === 1 ? '' : 's'} for people of ${domain}.`;
}

type Cells = readonly string[];

/** As wide as it has to be; the last column is a sentence. */
function aligned(columns: Cells, rows: readonly Cells[]): readonly string[] {
  const widths = columns.map((_, column) => Math.max(...[columns, ...rows].map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string => (column === columns.length - 1 ? text : text.padEnd(widths[column] ?? 0));
  return [columns, ...rows].map((row) => row.map(cell).join('  '));
}

function markdown(columns: Cells, rows: readonly Cells[]): readonly string[] {
  return [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
}

function cellsOfLook({ question, answered, outcome }: MailboxLook): Cells {
  return [QUESTIONS[question], answered, outcome === 'ok' ? 'It works.' : MAILBOX_MEANINGS[outcome]];
}

function cellsOf({ step, asked, answered, means, login }: TraceStep): Cells {
  return [step, asked, login === undefined ? answered : `${answered} (login by ${login})`, TRACE_MEANINGS[means]];
}

function conclusionOf({ conclusion }: Examined, oldTlsHosts: readonly string[]): readonly string[] {
  switch (conclusion.outcome) {
    case 'logged_in':
      return [
        `Found and logged in: ${conclusion.ewsUrl}, by ${conclusion.scheme}, Exchange ${conclusion.version ?? 'of an unknown version'}.`,
      ];
    case 'found':
      return [`Found: ${conclusion.ewsUrl}. It was not tried to log in: that needs --password-stdin.`];
    case 'needs_password':
      return [`${conclusion.host} asks for a login before it says where the mailbox is. Run this again with --password-stdin.`];
    case 'needs_consent':
      return [
        `The search led to ${conclusion.host}, which belongs to somebody else. People are asked whether their password may go there; exchange servers add answers for all of them.`,
      ];
    case 'login_invalid':
      return [`The ${conclusion.field === 'password' ? 'password' : 'user name'} cannot be one. Nobody was asked.`];
    case 'failed': {
      const { happened, todo } = en.failures[conclusion.reason];
      const code = conclusion.code === undefined ? conclusion.reason : `${conclusion.reason} ${conclusion.code}`;
      const said = (conclusion.code === undefined ? undefined : explainFailure(conclusion.code)) ?? happened;
      return [
        `${said} ${todo}`,
        `Code: ${code}${conclusion.host === undefined ? '' : `, host: ${conclusion.host}`}`,
        ...mends(conclusion, oldTlsHosts),
      ];
    }
    case 'address_invalid':
      return ['This is not an e-mail address of an organisation: nobody was asked.'];
    case 'server_address_invalid':
      return ['--server: expected a name such as mail.corp.example.'];
  }
}

/** What the operator can do about it, setting by setting. */
function mends({ reason, code, host = 'HOST' }: SignInFailure, oldTlsHosts: readonly string[]): readonly string[] {
  switch (reason) {
    case 'server_too_old':
      if (code === 'ErrorInvalidServerVersion' || isAmong(oldTlsHosts, host)) return [];
      return [`If nothing newer is to be had there, OUTBOUND_OLD_TLS=${host} allows TLS 1.0 for this one server.`];
    case 'address_refused':
      return [`If that is your own network, OUTBOUND_ALLOW=${host} allows this one server.`];
    case 'certificate_untrusted':
      return ['If the authority is the organisation’s own, OUTBOUND_CA=FILE adds its certificate. Verification cannot be switched off.'];
    case 'provider_misconfigured':
      return ['OUTBOUND_PROXY names the proxy.'];
    case 'identity_unverified':
      return ['The login is let in, and the server does not say by ConvertId whose mailbox it opens: so nobody can be connected there.'];
    default:
      return [];
  }
}

function isAmong(hosts: readonly string[], host: string): boolean {
  return hosts.some((each) => each.toLowerCase() === host);
}

/** Of the servers that were asked. */
function oldTls({ trace }: Examined, oldTlsHosts: readonly string[]): readonly string[] {
  const asked = new Set(trace.map((step) => URL.parse(step.asked)?.hostname ?? ''));
  return [...asked]
    .filter((host) => isAmong(oldTlsHosts, host))
    .map((host) => `OUTBOUND_OLD_TLS is in force for ${host}: TLS 1.0 is allowed there, which protects little.`);
}

/** Reasons that a firewall, or a proxy in front of the server, can be behind. */
const SHUT: readonly string[] = ['server_unreachable', 'server_not_found', 'server_access_denied'];

function whatToOpen({ conclusion }: Examined, egressAddresses: readonly string[]): readonly string[] {
  if (conclusion.outcome !== 'failed' || !SHUT.includes(conclusion.reason) || conclusion.code === 'name_of_the_inside') return [];
  const { host = 'the server' } = conclusion;
  return [`What the organisation’s firewall has to let in: HTTPS to port 443 of ${host}, from ${fromWhere(egressAddresses)}.`];
}

function fromWhere(egressAddresses: readonly string[]): string {
  return egressAddresses.length === 0 ? 'the addresses of this backend (EGRESS_ADDRESSES is not set)' : egressAddresses.join(', ');
}
