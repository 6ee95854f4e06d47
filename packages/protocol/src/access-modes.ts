/**
 * How much of a calendar an end user shares, from the most to nothing.
 *
 * `full`: read and write everything. `free_busy`: only when they are busy. `no_access`: nothing is read; invitations go by mail.
 */
export const ACCESS_MODES = ['full', 'free_busy', 'no_access'] as const;

/** One of {@link ACCESS_MODES}. */
export type AccessMode = (typeof ACCESS_MODES)[number];

/** Tells whether a value from outside names an access mode. */
export function isAccessMode(value: unknown): value is AccessMode {
  return (ACCESS_MODES as readonly unknown[]).includes(value);
}
