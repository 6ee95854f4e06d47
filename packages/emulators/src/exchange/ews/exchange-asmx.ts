import { createItem, deleteItem, updateItem } from '../../ews-operations/change-items.ts';
import { getFolder, listFolders, outOfReach } from '../../ews-operations/folders.ts';
import { findItems, getItem } from '../../ews-operations/items.ts';
import { childOf } from '../../ews-operations/read-xml.ts';
import { readOperation } from '../../ews-operations/read-operation.ts';
import { EwsFault, writeEnvelope, writeFault } from '../../ews-operations/soap.ts';
import type { Xml } from '../../ews-operations/write-xml.ts';
import { authenticate, type DirectorySecurity } from '../authentication/authenticate.ts';
import type { ExchangePerson } from '../directory/people.ts';
import type { ExchangeParts } from '../parts.ts';
import type { LoggedLogin } from '../request-log.ts';
import type { SiteAnswer, SiteRequest } from '../sites/site.ts';
import { applyFault } from '../trouble.ts';
import { getUserAvailability } from './availability.ts';
import type { ExchangeCall } from './call.ts';
import { createFolder, deleteFolder } from './change-folders.ts';
import { convertId, getUserConfiguration } from './mailbox-facts.ts';
import { getRoomLists, getRooms, resolveNames } from './names.ts';
import { syncFolderItems } from './sync-folder-items.ts';

const OPERATIONS: ReadonlyMap<string, (call: ExchangeCall) => Xml> = new Map([
  ['GetFolder', getFolder],
  ['FindFolder', listFolders],
  ['CreateFolder', createFolder],
  ['DeleteFolder', deleteFolder],
  ['FindItem', findItems],
  ['GetItem', getItem],
  ['CreateItem', createItem],
  ['UpdateItem', updateItem],
  ['DeleteItem', deleteItem],
  ['SyncFolderItems', syncFolderItems],
  ['GetUserAvailabilityRequest', getUserAvailability],
  ['GetRoomLists', getRoomLists],
  ['GetRooms', getRooms],
  ['ResolveNames', resolveNames],
  ['ConvertId', convertId],
  ['GetUserConfiguration', getUserConfiguration],
]);

/** Of accounts that may not log in, where a server says why. */
const ACCOUNT_FAULTS: ReadonlyMap<LoggedLogin, string> = new Map([
  ['disabled', 'ErrorAccountDisabled'],
  ['password_expired', 'ErrorPasswordExpired'],
  ['must_change_password', 'ErrorPasswordChangeRequired'],
]);

/** Answers `/EWS/Exchange.asmx`. Which operation it is, the body alone says. */
export async function answerEws(request: SiteRequest, security: DirectorySecurity, parts: ExchangeParts): Promise<SiteAnswer> {
  const caller = authenticate(request, security, parts);
  if ('refusal' in caller) {
    const code = parts.switches.current.tellsAccountState && caller.login !== undefined ? ACCOUNT_FAULTS.get(caller.login) : undefined;
    return code === undefined ? caller.refusal : faultAnswer(new EwsFault(code, 'The account cannot be used.'), parts);
  }
  const { person, headers } = caller;
  request.note.person = person.email;
  const answer = await answerCall(request, person, parts);
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

async function answerCall(request: SiteRequest, person: ExchangePerson, parts: ExchangeParts): Promise<SiteAnswer> {
  try {
    const refusal = refusalOf(request, person, parts);
    if (refusal !== undefined) return refusal;
    const operation = readOperation(request.body, parts.personality, parts.personality.newest);
    request.note.operation = operation.request.name.replace(/Request$/, '');
    request.note.requestVersion = operation.requested;
    const call = { email: person.email, operation: request.note.operation };
    const fault = parts.faults.strike({ group: 'ews', host: request.host, call });
    const trouble = fault === undefined ? undefined : await applyFault(fault, request);
    if (trouble !== undefined) return trouble;
    if (fault?.ewsCode !== undefined)
      throw new EwsFault(fault.ewsCode, 'The server cannot service this request right now. Try again later.', fault);
    if (operation.header !== undefined && childOf(operation.header, 'ExchangeImpersonation') !== undefined) {
      throw new EwsFault('ErrorImpersonateUserDenied', 'The account does not have permission to impersonate the requested user.');
    }
    checkReach(person, request.host);
    const run = OPERATIONS.get(operation.request.name);
    if (run === undefined) throw outOfReach(`does not know the operation ${operation.request.name}`);
    const { people, roomLists, syncStates, personality } = parts;
    const answer = run({ ...operation, user: person, deps: parts, people, roomLists, syncStates, personality });
    return xmlAnswer(200, writeEnvelope(answer, parts.personality));
  } catch (error) {
    if (error instanceof EwsFault) return faultAnswer(error, parts);
    throw error;
  }
}

function refusalOf(request: SiteRequest, person: ExchangePerson, { switches, personality }: ExchangeParts): SiteAnswer | undefined {
  const { ewsDisabledAnswer, allowedUserAgents } = switches.current;
  const agent = request.headers['user-agent'] ?? '';
  if (allowedUserAgents?.every((allowed) => !agent.startsWith(allowed)) === true) return { status: 403 };
  if (!person.ewsEnabled && ewsDisabledAnswer === 'forbidden') return { status: 403 };
  if (!person.ewsEnabled) return faultAnswer(new EwsFault('ErrorAccessDenied', 'EWS is disabled for the mailbox.'), { personality });
  if (request.method === 'GET') return { status: 302, headers: { Location: `https://${request.headers.host}/EWS/Services.wsdl` } };
  if (request.method !== 'POST') return { status: 405, headers: { Allow: 'GET, POST' } };
  return /^text\/xml\b/i.test(request.headers['content-type'] ?? '') ? undefined : { status: 415 };
}

/** @throws EwsFault where the person has no mailbox here */
function checkReach({ mailbox, movedTo }: ExchangePerson, host: string): void {
  if (mailbox === 'moving') {
    throw new EwsFault('ErrorMailboxMoveInProgress', 'Mailbox move in progress. Try again later.');
  }
  if (mailbox === 'exchange_online' || (movedTo ?? host) !== host) {
    throw new EwsFault('ErrorNonExistentMailbox', 'The SMTP address has no mailbox associated with it.');
  }
  if (mailbox === 'none') {
    throw new EwsFault(
      'ErrorMissingEmailAddress',
      'When making a request as an account that does not have a mailbox, you must specify the mailbox primary SMTP address for any distinguished folder Ids.',
    );
  }
}

function faultAnswer(fault: EwsFault, { personality }: Pick<ExchangeParts, 'personality'>): SiteAnswer {
  return xmlAnswer(500, writeFault(fault, personality));
}

function xmlAnswer(status: number, body: string): SiteAnswer {
  return { status, headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body };
}
