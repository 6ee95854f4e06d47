import type { EwsCall } from '../../ews-operations/folders.ts';
import type { ExchangeParts } from '../parts.ts';

/** One call of EWS, and what the operations know that only an Exchange server has. */
export interface ExchangeCall extends EwsCall, Pick<ExchangeParts, 'people' | 'roomLists' | 'syncStates' | 'personality'> {}
