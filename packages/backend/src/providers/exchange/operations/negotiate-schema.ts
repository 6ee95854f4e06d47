import { EWS_SCHEMAS, type EwsAnswer, type EwsSchema } from '../../ews/caller.ts';

/** Where a server, or the older one behind it that has the mailbox, does not know the schema of a request. Nothing was done then. */
const TOO_NEW: readonly (string | undefined)[] = [
  'ErrorInvalidServerVersion',
  'ErrorIncorrectSchemaVersion',
  'ErrorInvalidSchemaVersionForMailboxVersion',
];

/** What one server takes, as far as it is known. */
export interface SchemaNegotiation {
  /** The newest schema that is worth a try. */
  readonly newest: EwsSchema;
  /** Learns from what the server says of itself. */
  readonly serverIs: (major: number | undefined) => void;
  /** Steps down where an answer says that a schema is too new; whether there is another one to try. */
  readonly stepDown: (answer: EwsAnswer, from: EwsSchema) => boolean;
}

/**
 * Begins with what the server said when the person connected, or else with the newest schema.
 *
 * @param serverVersion such as `15.1.2507.6`
 * @see [EWS schema versions in Exchange](https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-schema-versions-in-exchange)
 */
export function negotiateSchema(serverVersion: string | undefined): SchemaNegotiation {
  let said = schemaOf(Number.parseInt(serverVersion ?? '', 10));
  let refusedFrom: number = EWS_SCHEMAS.length;
  const at = (): number => Math.min(EWS_SCHEMAS.indexOf(said), refusedFrom - 1);
  return {
    get newest() {
      return EWS_SCHEMAS[at()] ?? EWS_SCHEMAS[0];
    },
    serverIs: (major) => {
      if (major !== undefined) said = schemaOf(major);
    },
    stepDown: (answer, from) => {
      const refused = EWS_SCHEMAS.indexOf(from);
      if (!isTooNew(answer) || refused === 0) return false;
      refusedFrom = Math.min(refusedFrom, refused);
      return true;
    },
  };
}

/** 8 is Exchange 2007, 14 is 2010, 15 all since 2013. */
function schemaOf(major: number): EwsSchema {
  if (major < 14) return 'Exchange2007_SP1';
  return major < 15 ? 'Exchange2010' : 'Exchange2013';
}

function isTooNew(answer: EwsAnswer): boolean {
  if (answer.refused) return TOO_NEW.includes(answer.code);
  return answer.messages.length > 0 && answer.messages.every((message) => message.refused && TOO_NEW.includes(message.code));
}
