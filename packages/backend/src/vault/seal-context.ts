/** What can be sealed. The number is the version of the plaintext's shape; a purpose once used is never given another meaning. */
export const sealPurposes = [
  'application.secret/1',
  'profile.credential/1',
  'profile.calendars/1',
  'consent.credential/1',
  'grant.refresh_token/1',
  'session.provider_verifier/1',
  'session.state/1',
  'admin_approval.link/1',
  'admin_approval.verifier/1',
  'provider_client.secret/1',
  'address_check.email/1',
  'address_check.code/1',
  'managed_event.content/1',
  'invitation/1',
  'conferencing.meeting/1',
  'free_busy.page/1',
  'session.sign_in/1',
] as const;

/** One of {@link sealPurposes}. */
export type SealPurpose = (typeof sealPurposes)[number];

/** What can be derived instead of sealed. None is one of {@link sealPurposes}, and none is ever given another meaning either. */
export type DerivePurpose = 'grant.refresh_token/2';

/** The place a sealed value lives in. It opens only in this place. */
export interface SealContext {
  readonly purpose: SealPurpose;
  /** The id of the row that holds it. */
  readonly rowId: string;
  /** The application the row belongs to, or a constant where it belongs to the operator. */
  readonly applicationId: string;
}

/** The place that a derived secret belongs to. Nowhere else it is the same. */
export interface DeriveContext extends Omit<SealContext, 'purpose'> {
  readonly purpose: DerivePurpose;
}
