import { EWS_SCHEMAS, type EwsAnswer, type EwsCaller, type EwsRefusal, type EwsSchema } from '../../ews/caller.ts';
import type { EwsHints } from '../../ews/ews-errors.ts';
import { MAX_ANSWER_BYTES, readAnswer, TIMEOUT_MS, writeEnvelope } from '../../ews/soap.ts';
import type { Xml } from '../../ews/write-xml.ts';
import type { AccountConnection } from '../log-in/account-connection.ts';
import type { Refusal } from '../log-in/outcome.ts';
import { negotiateSchema } from './negotiate-schema.ts';
import { refusedLogin } from './refused-login.ts';

const HINTS: EwsHints = {
  noMailbox: 'the mailbox is not on this server: it was moved, or the login has none',
  notAllowed:
    'the server lets the login in, and not to this mailbox by EWS (EwsEnabled of the mailbox or the organisation; EwsAllowList or ' +
    'EwsBlockList, where CalendarConnect/1.0 has to be allowed)',
};

/**
 * What the primary calendar is called in every mode: Exchange's own name for it, because the id of its folder is not asked for in free/busy
 * mode, and is another one where a mailbox was moved. [DistinguishedFolderId](https://learn.microsoft.com/exchange/client-developer/web-service-reference/distinguishedfolderid)
 */
export const PRIMARY_CALENDAR_ID = 'calendar';

/** What begins so only reads, and may arrive twice. */
const READS = /^<m:(?:Get|Find)/;
/** What every server here knows. */
const LOWEST: EwsSchema = 'Exchange2007_SP1';

/** Watches what is asked and answered in one call. */
export interface CallWatch {
  /** Why the next request must not be sent; `undefined`: it may. */
  before(): EwsRefusal | undefined;
  /** What came of it; `refused` where that was no answer of EWS at all. */
  after(answer: EwsAnswer, refused: Refusal | undefined): void;
}

/** Who asks, and how. */
export interface ExchangeCallerParts {
  readonly connection: AccountConnection;
  readonly now: () => number;
  /** What the server said of itself before, such as `15.1.2507.6`. */
  readonly serverVersion: string | undefined;
  readonly watch?: CallWatch | undefined;
}

/** Asks a server of an organisation's own, on the connection of one account. */
export function createExchangeCaller({ connection, now, serverVersion, watch }: ExchangeCallerParts): EwsCaller {
  const schemas = negotiateSchema(serverVersion);

  async function send(operation: Xml, schema: EwsSchema): Promise<EwsAnswer> {
    const held = watch?.before();
    if (held !== undefined) return held;
    const sent = await connection.send({
      body: writeEnvelope(operation, schema),
      repeatable: READS.test(operation.xml),
      maxResponseBytes: MAX_ANSWER_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    if (sent.outcome !== 'answered') return told(refusedLogin(sent), sent);
    const { answer, serverMajor } = await readAnswer(sent.response, now());
    schemas.serverIs(serverMajor);
    return told(answer, undefined);
  }

  function told(answer: EwsAnswer, refused: Refusal | undefined): EwsAnswer {
    watch?.after(answer, refused);
    return answer;
  }

  return {
    hints: HINTS,
    primaryCalendarId: PRIMARY_CALENDAR_ID,
    async ask(operation) {
      if (typeof operation !== 'function') return send(operation, LOWEST);
      for (;;) {
        const schema = schemaFor(operation, schemas.newest);
        const answer = await send(operation(schema), schema);
        if (!schemas.stepDown(answer, schema)) return answer;
      }
    },
  };
}

/**
 * What writes is answered with an id, in every schema: it goes by the lowest in which it says all that it says in the newest. What reads goes by the
 * newest: the request is the same, and words of the answer came later, such as `WorkingElsewhere`.
 */
function schemaFor(operation: (schema: EwsSchema) => Xml, newest: EwsSchema): EwsSchema {
  const { xml } = operation(newest);
  return READS.test(xml) ? newest : (EWS_SCHEMAS.find((schema) => operation(schema).xml === xml) ?? newest);
}
