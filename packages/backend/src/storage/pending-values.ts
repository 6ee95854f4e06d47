/** What a pending connection holds in the place of a sealed value that its new profile has already. */
export const IN_PROFILE = '';

/** What it holds in the place of a credential where the access mode needs none. */
export const NO_CREDENTIAL = '-';

/** The sealed value that a pending connection stands for: its own, the one that its profile has already, or none. */
export function pendingValue(pending: string, ofProfile: string | null): string | null {
  if (pending === NO_CREDENTIAL) return null;
  return pending === IN_PROFILE ? ofProfile : pending;
}
