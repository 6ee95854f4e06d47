import type { SealContext } from '../vault/vault.ts';

/** Where an address that is being proven is sealed for, under the data key of its application. */
export function checkedEmailPlace(session: { id: string; applicationId: string }): SealContext {
  return { purpose: 'address_check.email/1', rowId: session.id, applicationId: session.applicationId };
}

/** Where the code that proves it is sealed for. */
export function addressCodePlace(session: { id: string; applicationId: string }): SealContext {
  return { purpose: 'address_check.code/1', rowId: session.id, applicationId: session.applicationId };
}
