import { descend, textIn, readXml } from '../xml/read-xml.ts';
import type { XmlElement } from '../../xml/parse-xml.ts';
import { escapeXml } from '../xml/escape-xml.ts';
import type { ExchangeSession } from '../log-in/session.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const TYPES = 'http://schemas.microsoft.com/exchange/services/2006/types';
const MESSAGES = 'http://schemas.microsoft.com/exchange/services/2006/messages';
/** The schema wants an address here. A server that only repeats it has proven nothing. */
const NOBODY = 'nobody@example.invalid';

const WHICH_FOLDER =
  '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>' +
  '<m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>';

/**
 * Asks whose mailbox a login opens. Autodiscover answers everybody about everybody, so an address that was typed, and what it says of it, prove
 * nothing; the id of the login's own calendar does, which the server itself turns into the first address of the mailbox that it belongs to.
 *
 * @returns The address, `undefined` where the server does not say.
 * @see [ConvertId operation](https://learn.microsoft.com/exchange/client-developer/web-service-reference/convertid-operation)
 */
export async function ownMailboxOf(session: ExchangeSession, path: string, signal?: AbortSignal): Promise<string | undefined> {
  const asking = { session, path, signal };
  const folder = await ask(asking, WHICH_FOLDER, ['GetFolderResponse', 'ResponseMessages', 'GetFolderResponseMessage']);
  const [calendar] = descend(folder, 'Folders')?.children ?? [];
  const id = descend(calendar, 'FolderId')?.attributes.get('Id');
  if (id === undefined) return undefined;
  const converted = await ask(asking, convertId(id), ['ConvertIdResponse', 'ResponseMessages', 'ConvertIdResponseMessage']);
  const address = descend(converted, 'AlternateId')?.attributes.get('Mailbox')?.trim();
  return address === undefined || address === '' || address.toLowerCase() === NOBODY ? undefined : address;
}

function convertId(id: string): string {
  return (
    '<m:ConvertId DestinationFormat="EwsId"><m:SourceIds>' +
    `<t:AlternateId Format="EwsId" Id="${escapeXml(id)}" Mailbox="${NOBODY}"/></m:SourceIds></m:ConvertId>`
  );
}

interface Asking {
  readonly session: ExchangeSession;
  readonly path: string;
  readonly signal: AbortSignal | undefined;
}

/** The message of a response that succeeded. */
async function ask({ session, path, signal }: Asking, operation: string, names: readonly string[]): Promise<XmlElement | undefined> {
  const answer = await session.send(path, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml' },
    body:
      `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP}" xmlns:t="${TYPES}" xmlns:m="${MESSAGES}">` +
      `<s:Header><t:RequestServerVersion Version="Exchange2007_SP1"/></s:Header><s:Body>${operation}</s:Body></s:Envelope>`,
    signal,
  });
  if (answer.outcome !== 'answered' || answer.response.status !== 200) return undefined;
  const envelope = readXml(new Uint8Array(await answer.response.arrayBuffer()));
  const message = descend(envelope, 'Body', ...names);
  return textIn(message, 'ResponseCode') === 'NoError' ? message : undefined;
}
