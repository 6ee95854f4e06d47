import { en } from '@calendar-connect/protocol/sentences/en';
import { TRACE_MEANINGS, type TraceStep } from '../providers/exchange/autodiscover/trace.ts';
import type { MailboxLook } from '../providers/exchange/examine-mailbox.ts';
import type { Examined } from '../providers/exchange/examine.ts';
import { explainFailure } from '../providers/exchange/sign-in/failure.ts';

/** Whom it is about. */
export interface Examination {
  readonly domain: string;
  readonly egressAddresses: readonly string[];
  readonly at: Date;
}

const COLUMNS = ['step', 'asked', 'answered', 'meaning'] as const;
const MAILBOX_COLUMNS = ['question', 'answered', 'meaning'] as const;
const MAILBOX_TITLE = 'What this mailbox answers';

const QUESTIONS: Readonly<Record<MailboxLook['question'], string>> = {
  calendars: 'calendars',
  free_busy: 'free/busy',
  changes: 'changes',
  rooms: 'room lists',
};

const MAILBOX_MEANINGS: Readonly<Record<Exclude<MailboxLook['outcome'], 'ok'>, string>> = {
  unauthorized: 'The login was refused.',
  forbidden: 'The login may not do this.',
  no_mailbox: 'There is no mailbox for this address here.',
  not_found: 'The server does not find the calendar.',
  denied: 'The calendar is not open to this login.',
  begin_anew: 'The server forgets what it has told.',
  not_known_by_server: 'This server has no room lists: they came with Exchange 2010.',
  unavailable: 'The server is busy, or has trouble. It may pass.',
};

/** What the doctor says on the screen: the tables, and what came of it. */
export function doctorText(examined: Examined, { egressAddresses }: Examination): string {
  const mailbox =
    examined.mailbox.length === 0 ? [] : [`${MAILBOX_TITLE}:`, '', ...aligned(MAILBOX_COLUMNS, examined.mailbox.map(cellsOfLook)), ''];
  const trace = aligned(COLUMNS, examined.trace.map(cellsOf));
  return [...trace, '', ...mailbox, ...conclusionOf(examined), ...whatToOpen(examined, egressAddresses)].join('\n');
}

/** The same for the IT team, as Markdown. It has the domain in it, and neither the mail address nor a password. */
export function doctorReport(examined: Examined, { domain, egressAddresses, at }: Examination): string {
  const mailbox =
    examined.mailbox.length === 0 ? [] : ['', `## ${MAILBOX_TITLE}`, '', ...markdown(MAILBOX_COLUMNS, examined.mailbox.map(cellsOfLook))];
  return [
    `# Exchange of ${domain}, as Calendar Connect sees it`,
    '',
    `${at.toISOString()}, from the internet${egressAddresses.length === 0 ? '' : `, from ${egressAddresses.join(', ')}`}.`,
    '',
    ...conclusionOf(examined),
    ...whatToOpen(examined, egressAddresses),
    '',
    ...markdown(COLUMNS, examined.trace.map(cellsOf)),
    ...mailbox,
    '',
    '## What is needed',
    '',
    '- HTTPS, port 443, from the addresses above to Exchange Web Services (`/EWS/Exchange.asmx`), and to Autodiscover (`/autodiscover/…`) if people shall need no server address.',
    '- A certificate for the name of the server, from an authority that is trusted publicly or that the operator has added, with its intermediate certificates.',
    '- NTLM or, over that TLS, Basic for `/EWS`; connections that the reverse proxy keeps apart, because NTLM logs a connection in.',
    '- EWS switched on for the mailboxes, and `CalendarConnect/*` among the user agents where `EwsAllowList` is used.',
    '',
    'Exchange knows no permission for calendars alone: a login opens the whole mailbox. What is used of it are the operations for calendars, listed in what people see before they connect; with free/busy mode, `GetUserAvailability` alone.',
    '',
  ].join('\n');
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

function conclusionOf({ conclusion }: Examined): readonly string[] {
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
      return [`${said} ${todo}`, `Code: ${code}${conclusion.host === undefined ? '' : `, host: ${conclusion.host}`}`, ...mends(conclusion)];
    }
    case 'address_invalid':
      return ['This is not an e-mail address of an organisation: nobody was asked.'];
    case 'server_address_invalid':
      return ['--server: expected a name such as mail.corp.example.'];
  }
}

/** What the operator can do about it, setting by setting. */
function mends({ reason, host = 'HOST' }: { readonly reason: string; readonly host?: string | undefined }): readonly string[] {
  switch (reason) {
    case 'server_too_old':
      return [`If nothing newer is to be had there, OUTBOUND_OLD_TLS=${host} allows TLS 1.0 for this one server.`];
    case 'address_refused':
      return [`If that is your own network, OUTBOUND_ALLOW=${host} allows this one server.`];
    case 'certificate_untrusted':
      return ['If the authority is the organisation’s own, OUTBOUND_CA=FILE adds its certificate. Verification cannot be switched off.'];
    default:
      return [];
  }
}

function whatToOpen({ conclusion }: Examined, egressAddresses: readonly string[]): readonly string[] {
  if (conclusion.outcome !== 'failed' || !['server_unreachable', 'server_not_found'].includes(conclusion.reason)) return [];
  const from = egressAddresses.length === 0 ? 'the addresses of this backend (EGRESS_ADDRESSES is not set)' : egressAddresses.join(', ');
  return [`What the organisation’s firewall has to let in: HTTPS to port 443 of the server, from ${from}.`];
}
