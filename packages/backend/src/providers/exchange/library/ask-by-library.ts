import type * as EwsLibrary from 'ews-javascript-api';
import { type EwsRefusal, refusal } from '../../ews/caller.ts';
import { createAccountTransport, type TransportParts } from './account-transport.ts';

/** The library, and its service for one account. */
export interface LibraryCall {
  readonly library: typeof EwsLibrary;
  readonly service: EwsLibrary.ExchangeService;
}

/** Whom to ask. */
export type LibraryParts = Omit<TransportParts, 'onFailure'>;

/** What a request of the library's came to. */
export type LibraryAnswer<T> = { readonly refused: false; readonly value: T } | EwsRefusal;

/** The version that a request names: the lowest that has the operation, as every server here knows it then that can. */
export type LibrarySchema = 'Exchange2007' | 'Exchange2010';

/** The connection has the address that is asked; the library wants one, to check that it is one. */
const ANY_ADDRESS = 'https://exchange.invalid/EWS/Exchange.asmx';

/**
 * Asks by `ews-javascript-api`, which is loaded with the first request: that takes most of a second, and 60 MB for good.
 *
 * It writes what it is given as it is. **What `ask` gives it has to be written without escaping** ({@link isPlain}), or it would be a request of its
 * own; and what comes back has the types of its declarations only if the server wants it so.
 */
export async function askByLibrary<T>(
  parts: LibraryParts,
  schema: LibrarySchema,
  ask: (call: LibraryCall) => Promise<T>,
): Promise<LibraryAnswer<T>> {
  const library = await import('ews-javascript-api');
  let failure: EwsRefusal | Error | undefined;
  const service = createService(library, schema);
  service.XHRApi = createAccountTransport({ ...parts, onFailure: (why) => (failure = why) });
  try {
    return { refused: false, value: await ask({ library, service }) };
  } catch {
    // Its rejections are no errors, and have texts of the server's. Where the transport has not failed, it could not read the answer.
    return reasonOf(failure);
  }
}

/** @throws Error the transport's surprises */
function reasonOf(failure: EwsRefusal | Error | undefined): EwsRefusal {
  if (failure instanceof Error) throw failure;
  return failure ?? refusal({ status: 200 });
}

/** Makes the library's service, without a way out yet. */
export function createService(library: typeof EwsLibrary, schema: LibrarySchema): EwsLibrary.ExchangeService {
  const { ExchangeService, ExchangeVersion, TimeZoneInfo, Uri, WebCredentials } = library;
  const version = schema === 'Exchange2007' ? ExchangeVersion.Exchange2007_SP1 : ExchangeVersion.Exchange2010;
  // Else it would take the zone of this computer.
  const service = new ExchangeService(version, TimeZoneInfo.Utc);
  // Else it names 2007 SP1, and sends it a header for zones that came with 2010.
  service.Exchange2007CompatibilityMode = schema === 'Exchange2007';
  service.Url = new Uri(ANY_ADDRESS);
  // It wants some; the connection has its own.
  service.Credentials = new WebCredentials('none', 'none');
  return service;
}

/** Says whether a text is the same with and without escaping, and so can be given to the library. */
export function isPlain(text: string): boolean {
  return /^[^\s<>&"\p{C}]+$/u.test(text);
}
