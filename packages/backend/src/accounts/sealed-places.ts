import type { Credential } from '../providers/provider.ts';
import type { DeriveContext, SealContext } from '../vault/vault.ts';

/** Where a profile's provider credential is sealed for. A pending one is sealed for the profile that it will belong to. */
export function credentialPlace(profile: { id: string; applicationId: string }): SealContext {
  return { purpose: 'profile.credential/1', rowId: profile.id, applicationId: profile.applicationId };
}

/** Where a credential that a half-ticked consent granted is sealed for, until it is given back. */
export function consentCredentialPlace(session: { id: string; applicationId: string }): SealContext {
  return { purpose: 'consent.credential/1', rowId: session.id, applicationId: session.applicationId };
}

/** Where the list of a profile's calendars is sealed for. */
export function calendarsPlace(profile: { id: string; applicationId: string }): SealContext {
  return { purpose: 'profile.calendars/1', rowId: profile.id, applicationId: profile.applicationId };
}

/** What the secret of a partner's refresh token is derived for: linking must give the same one again, and it need not be kept for that. */
export function refreshTokenPlace(grant: { id: string; applicationId: string }): DeriveContext {
  return { purpose: 'grant.refresh_token/2', rowId: grant.id, applicationId: grant.applicationId };
}

/** Where the refresh token of an older grant is sealed for, which is a random one. */
export function sealedRefreshTokenPlace(grant: { id: string; applicationId: string }): SealContext {
  return { purpose: 'grant.refresh_token/1', rowId: grant.id, applicationId: grant.applicationId };
}

/** A provider credential as the text that is sealed. */
export function writeCredential(credential: Credential): string {
  return JSON.stringify(credential);
}

/** Reads what {@link writeCredential} wrote; the vault has just proven that nobody else did. */
export function readCredential(text: string): Credential {
  const stored = JSON.parse(text) as Omit<Credential, 'endsAtMs'> & { endsAtMs?: number };
  return { ...stored, endsAtMs: stored.endsAtMs };
}
