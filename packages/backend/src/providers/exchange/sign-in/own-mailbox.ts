import { meaningOf } from '../../ews/ews-errors.ts';
import { type MailAddress, parseMailAddress } from '../autodiscover/mail-address.ts';
import { type AskedSession, askSession, type SessionQuestion } from '../log-in/ask-session.ts';
import { type Refusal, refusalOfCode } from '../log-in/outcome.ts';
import { registrableDomain } from '../public-suffixes.ts';
import type { XmlElement } from '../../xml/parse-xml.ts';
import { descend } from '../xml/read-xml.ts';
import { escapeXml } from '../xml/escape-xml.ts';

/** The schema wants an address here. A server that only repeats it has proven nothing. */
const NOBODY = 'nobody@example.invalid';

/** Whose mailbox a login opens. */
export type OwnMailbox =
  | { readonly outcome: 'said'; readonly mailbox: MailAddress }
  /** The server answers, and does not say. */
  | { readonly outcome: 'unsaid' }
  | Refusal;

const UNSAID: OwnMailbox = { outcome: 'unsaid' };

/**
 * Asks whose mailbox a login opens. Autodiscover answers everybody about everybody, so an address that was typed, and what it says of it, prove
 * nothing; the id of the login's own calendar does, which the server itself turns into the first address of the mailbox that it belongs to.
 *
 * @param calendar What the server answered about it when it let the login in.
 *
 * @see [ConvertId operation](https://learn.microsoft.com/exchange/client-developer/web-service-reference/convertid-operation)
 */
export async function ownMailboxOf(asked: AskedSession, calendar: XmlElement): Promise<OwnMailbox> {
  const [folder] = descend(calendar, 'Folders')?.children ?? [];
  const id = descend(folder, 'FolderId')?.attributes.get('Id');
  if (id === undefined) return UNSAID;
  const converted = await askSession(asked, convertId(id));
  if (converted.outcome === 'refused') return whyNotConverted(converted.code, converted.backOffMs);
  if (converted.outcome !== 'ok') return converted;
  const address = descend(converted.message, 'AlternateId')?.attributes.get('Mailbox')?.trim() ?? '';
  const mailbox = address.toLowerCase() === NOBODY ? undefined : parseMailAddress(address, registrableDomain);
  return typeof mailbox === 'object' ? { outcome: 'said', mailbox } : UNSAID;
}

function convertId(id: string): SessionQuestion {
  return {
    operation: 'ConvertId',
    content:
      '<m:ConvertId DestinationFormat="EwsId"><m:SourceIds>' +
      `<t:AlternateId Format="EwsId" Id="${escapeXml(id)}" Mailbox="${NOBODY}"/></m:SourceIds></m:ConvertId>`,
  };
}

/** A server that knows no such question, or not its own id, has answered it: it does not say. Any other trouble is what it is elsewhere. */
function whyNotConverted(code: string | undefined, backOffMs: number | undefined): OwnMailbox {
  const refusal = refusalOfCode(code, backOffMs);
  return refusal.outcome === 'unexpected' || meaningOf(code) === 'not_found' ? UNSAID : refusal;
}
