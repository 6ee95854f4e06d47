/**
 * What the pages in the popup and the element post to each other. None carries a secret.
 *
 * The start page posts `prove` to its opener with the session's origin as target, because a page with
 * `Referrer-Policy: no-referrer` sends `Origin: null` with its forms. The element answers `proof` with the same nonce,
 * to the backend's origin only, if the message came from the window it opened and from the backend's origin.
 * The last page of a popup posts `nudge`: look at the session now.
 */
export const POPUP_MESSAGES = {
  prove: 'calendar-connect:prove',
  proof: 'calendar-connect:proof',
  nudge: 'calendar-connect:nudge',
} as const;

/** A message between popup and element. */
export type PopupMessage =
  | { type: typeof POPUP_MESSAGES.prove; session: string; nonce: string }
  | { type: typeof POPUP_MESSAGES.proof; session: string; nonce: string }
  | { type: typeof POPUP_MESSAGES.nudge; session: string };
