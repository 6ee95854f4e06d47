import type { Context } from 'hono';
import type { MicrosoftParts } from '../parts.ts';
import { answerXml } from './answer-xml.ts';
import { readCaller, type EwsCallerDeps } from './caller.ts';
import { EXCHANGE_ONLINE_SERVER } from './online-server.ts';
import { createItem, deleteItem, updateItem } from '../../ews-operations/change-items.ts';
import { getFolder, listFolders, outOfReach, type EwsCall } from '../../ews-operations/folders.ts';
import { findItems, getItem } from '../../ews-operations/items.ts';
import { createMailboxState } from '../../ews-operations/mailbox-state.ts';
import { readOperation } from '../../ews-operations/read-operation.ts';
import { EwsFault, writeEnvelope, writeFault } from '../../ews-operations/soap.ts';
import type { Xml } from '../../ews-operations/write-xml.ts';

const OPERATIONS: ReadonlyMap<string, (call: EwsCall) => Xml> = new Map([
  ['GetFolder', getFolder],
  ['FindFolder', listFolders],
  ['FindItem', findItems],
  ['GetItem', getItem],
  ['CreateItem', createItem],
  ['UpdateItem', updateItem],
  ['DeleteItem', deleteItem],
]);

/** What answering EWS uses. */
export type ExchangeDeps = EwsCallerDeps & Pick<MicrosoftParts, 'mailboxes' | 'zones'>;

/** Answers `POST /EWS/Exchange.asmx` of Exchange Online, over the same mailboxes as Graph. Which operation it is, the body alone says. */
export function createExchangeAsmx(parts: ExchangeDeps): (c: Context) => Promise<Response> {
  const deps = { ...parts, state: createMailboxState() };
  return async function answerEws(c) {
    try {
      const caller = readCaller(c, deps);
      if ('status' in caller) return c.body(null, caller.status);
      if (!/^text\/xml\b/i.test(c.req.header('Content-Type') ?? '')) return c.body(null, 415);
      const asked = readOperation(await c.req.text(), EXCHANGE_ONLINE_SERVER);
      const operation = OPERATIONS.get(asked.request.name);
      if (operation === undefined) throw outOfReach(`does not know the operation ${asked.request.name}`);
      return answerXml(c, writeEnvelope(operation({ ...asked, user: caller.user, deps }), EXCHANGE_ONLINE_SERVER), 200);
    } catch (error) {
      if (error instanceof EwsFault) return answerXml(c, writeFault(error, EXCHANGE_ONLINE_SERVER), 500);
      throw error;
    }
  };
}
