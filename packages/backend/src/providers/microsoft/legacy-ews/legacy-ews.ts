import { SIGN_IN_SCOPES } from '../manifest.ts';
import type { Credential, ProviderMode } from '../../provider.ts';

/** Full access to the person's mailbox over Exchange Web Services; there is no narrower one. [Authenticate an EWS application](https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth) */
export const EWS_SCOPE = 'https://outlook.office365.com/EWS.AccessAsUser.All';

/** The name of the person, at the same resource: a token is for one resource only, so Graph's cannot be asked for beside it. */
const EWS_USER_SCOPE = 'https://outlook.office365.com/User.Read';

/** When Microsoft switches EWS in Exchange Online off for everybody, without exception. [Deprecation of EWS in Exchange Online](https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-ews-exchange-online) */
export const EWS_ENDS_AT_MS: number = Date.parse('2027-04-01T00:00:00Z');

/** What an operator who switches it on reads at every start. */
export const LEGACY_EWS_NOTE: string =
  'Microsoft: full access asks for Exchange Web Services (legacyEws), which Microsoft has been switching off in Exchange Online, organisation ' +
  'by organisation, since 2026-10-01, and switches off for all on 2027-04-01. Leave MICROSOFT_LEGACY_EWS out to connect by Microsoft Graph.';

/** The access mode `full` by EWS. */
export const EWS_FULL_MODE: ProviderMode = {
  requestNames: ['office365', 'live_connect'],
  scopes: [...SIGN_IN_SCOPES, EWS_SCOPE, EWS_USER_SCOPE],
  note:
    'Microsoft will ask for access to the whole mailbox, because Exchange Web Services know no permission for calendars alone. ' +
    'Only calendars are read and changed.',
};

/** Whether EWS is gone. */
export function isEwsOver(nowMs: number): boolean {
  return nowMs >= EWS_ENDS_AT_MS;
}

/**
 * Whether a credential is read by EWS: what was granted says so, and not what would be asked for today. Who connects again is asked for
 * Graph's permissions and moves there.
 */
export function isForEws({ grantedScopes }: Pick<Credential, 'grantedScopes'>): boolean {
  // One answer is for one resource; should it ever name both, the token is Graph's.
  return grantedScopes.includes(EWS_SCOPE) && !grantedScopes.some((scope) => scope.startsWith('Calendars.'));
}

/** What can be written in a header. */
const PLAIN = /^[\x21-\x7e]+$/;

/** Keeps the address of the mailbox beside a credential for EWS, which routes calls by it. */
export function withMailbox(credential: Credential, email: string | undefined): Credential {
  return email !== undefined && PLAIN.test(email) && isForEws(credential) ? { ...credential, mailbox: email } : credential;
}
