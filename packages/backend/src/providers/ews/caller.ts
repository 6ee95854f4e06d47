import type { EwsHints } from './ews-errors.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import type { Xml } from './write-xml.ts';

/**
 * The schema versions of requests that make a difference here, oldest first: 2010 has zones by name, 2013 has `WorkingElsewhere`.
 *
 * @see [RequestServerVersion](https://learn.microsoft.com/exchange/client-developer/web-service-reference/requestserverversion)
 */
export const EWS_SCHEMAS = ['Exchange2007_SP1', 'Exchange2010', 'Exchange2013'] as const;

/** One of {@link EWS_SCHEMAS}. */
export type EwsSchema = (typeof EWS_SCHEMAS)[number];

/** Says whether a schema has what came with another. */
export function isAtLeast(schema: EwsSchema, floor: EwsSchema): boolean {
  return EWS_SCHEMAS.indexOf(schema) >= EWS_SCHEMAS.indexOf(floor);
}

/**
 * What a request asks for. A piece says and hears the same in every schema, and is sent in the lowest; a function is given the schema that it goes by,
 * because words of it or of its answer came later. It can be asked for several, and the same each time.
 */
export type EwsOperation = Xml | ((schema: EwsSchema) => Xml);

/** Who asks an Exchange server, which is somebody's login. */
export interface EwsCaller {
  /** Asks once. Which operation it is, the body alone says. @see [EWS operations](https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange) */
  ask(operation: EwsOperation): Promise<EwsAnswer>;
  readonly hints: EwsHints;
  /** What the primary calendar is called instead of by the id of its folder. */
  readonly primaryCalendarId?: string;
}

/** Why there is no content: what Exchange answered instead, for all of the request or for one thing in it. */
export interface EwsRefusal {
  readonly refused: true;
  /** The whole request was refused, and not one of the things asked for. */
  readonly whole: boolean;
  readonly status: number | undefined;
  /** Such as `ErrorServerBusy`. */
  readonly code: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** Where there was no answer of Exchange's at all: why, in a word of ours. */
  readonly noAnswer: string | undefined;
}

/** What came of each thing asked for, in the order of asking: its response message, or why not. */
export type EwsMessage = { readonly refused: false; readonly message: XmlElement } | EwsRefusal;

/** What came of a request. */
export type EwsAnswer = { readonly refused: false; readonly messages: readonly EwsMessage[] } | EwsRefusal;

/** The message of a request for one thing. */
export async function askForOne(caller: EwsCaller, operation: EwsOperation): Promise<EwsMessage> {
  const answer = await caller.ask(operation);
  return answer.refused ? answer : (answer.messages[0] ?? refusal({ status: 200 }));
}

/** Whether there was an answer, and more of it than is read: less may be asked for. */
export function isTooLarge({ noAnswer }: EwsRefusal): boolean {
  return noAnswer?.endsWith('too_large') === true;
}

/** A refusal of a whole request, of which so much is known. */
export function refusal(said: Partial<Omit<EwsRefusal, 'refused' | 'whole'>>): EwsRefusal {
  const none = { status: undefined, code: undefined, retryAfterMs: undefined, noAnswer: undefined };
  return { refused: true, whole: true, ...none, ...said };
}
