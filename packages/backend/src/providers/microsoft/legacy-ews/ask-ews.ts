import { OutboundError } from '../../../outbound/outbound-error.ts';
import { type EwsAnswer, type EwsCaller, type EwsOperation, refusal } from '../../ews/caller.ts';
import type { EwsHints } from '../../ews/ews-errors.ts';
import { MAX_ANSWER_BYTES, readAnswer, TIMEOUT_MS, writeEnvelope } from '../../ews/soap.ts';
import type { Credential } from '../../provider.ts';
import type { MicrosoftSettings } from '../options.ts';

/** There is one Exchange Online, and it knows every schema. */
const SCHEMA = 'Exchange2013';
/** Administrators can let applications in by it. */
const USER_AGENT = 'CalendarConnect/1.0';

/**
 * What Exchange Online says where an organisation has EWS switched off is not documented anywhere we could read: 403 and `ErrorAccessDenied`
 * after a good token are taken for it.
 */
const HINTS: EwsHints = {
  noMailbox: 'the mailbox is not in Exchange Online',
  notAllowed:
    'the organisation has EWS switched off, or does not let this application use it (EwsEnabled, EwsAllowedAppIDs); to connect again moves ' +
    'to Microsoft Graph where legacyEws is off',
};

/** Asks Exchange Online as somebody. */
export function createOnlineCaller(settings: MicrosoftSettings, credential: Credential): EwsCaller {
  return { hints: HINTS, ask: (operation) => askOnline(settings, credential, operation) };
}

async function askOnline(settings: MicrosoftSettings, credential: Credential, operation: EwsOperation): Promise<EwsAnswer> {
  try {
    const response = await settings.outbound.fetch(settings.endpoints.ews, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${credential.accessToken}`,
        'content-type': 'text/xml; charset=utf-8',
        accept: 'text/xml',
        'user-agent': USER_AGENT,
        ...(credential.mailbox !== undefined && { 'x-anchormailbox': credential.mailbox }),
      },
      body: writeEnvelope(typeof operation === 'function' ? operation(SCHEMA) : operation, SCHEMA),
      maxResponseBytes: MAX_ANSWER_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    return (await readAnswer(response, settings.now())).answer;
  } catch (error) {
    if (error instanceof OutboundError) return refusal({ noAnswer: error.code });
    throw error;
  }
}
