/** What the element is doing, as `:state(…)` and `calendar-connect-state` events name it. */
export const ELEMENT_STATES = ['idle', 'choosing', 'connecting', 'waiting-for-admin', 'connected', 'failed'] as const;

/** One of {@link ELEMENT_STATES}. */
export type ElementState = (typeof ELEMENT_STATES)[number];
