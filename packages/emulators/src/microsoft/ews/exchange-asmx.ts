import type { Context } from 'hono';
import type { MicrosoftParts } from '../parts.ts';
import { readCaller, type EwsCallerDeps } from './caller.ts';
import { createItem, deleteItem, updateItem } from './change-items.ts';
import { getFolder, listFolders, outOfReach, type EwsCall } from './folders.ts';
import { findItems, getItem } from './items.ts';
import { createMailboxState } from './mailbox-state.ts';
import { readOperation } from './read-operation.ts';
import { answerXml, EwsFault, writeEnvelope, writeFault } from './soap.ts';
import type { Xml } from './write-xml.ts';

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
      const request = readOperation(await c.req.text());
      const operation = OPERATIONS.get(request.name);
      if (operation === undefined) throw outOfReach(`does not know the operation ${request.name}`);
      return answerXml(c, writeEnvelope(operation({ request, user: caller.user, deps })), 200);
    } catch (error) {
      if (error instanceof EwsFault) return answerXml(c, writeFault(error), 500);
      throw error;
    }
  };
}
