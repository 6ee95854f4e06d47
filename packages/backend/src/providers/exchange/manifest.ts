import type { AccessMode } from '@calendar-connect/protocol';
import type { ProviderMode } from '../provider.ts';

/** What the server is asked whatever is shared, when somebody signs in and when the login is tried again: whether it lets them in, and whose mailbox it is. */
const SIGNING_IN: readonly string[] = ['GetFolder', 'ConvertId'];

/**
 * The access modes of Exchange. EWS knows no permission that is smaller than the whole mailbox, so what stands for scopes are the operations of
 * EWS that are used, and nothing but those.
 *
 * @see [EWS operations in Exchange](https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange)
 */
export const EXCHANGE_MODES: Readonly<Partial<Record<AccessMode, ProviderMode>>> = {
  full: {
    requestNames: ['exchange'],
    scopes: [...SIGNING_IN, 'FindFolder', 'FindItem', 'GetItem', 'CreateItem', 'UpdateItem', 'DeleteItem'],
    note: 'Exchange knows no permission for calendars alone: your password opens the whole mailbox. Only calendars are read and changed with it, and it is kept encrypted.',
  },
  free_busy: {
    requestNames: ['exchange_free_busy'],
    scopes: [...SIGNING_IN, 'GetUserAvailability'],
    note: 'Exchange cannot limit a password to free/busy times. That nothing else is fetched or kept, besides whose mailbox it is, is a promise of this service. The password is kept encrypted.',
  },
};
