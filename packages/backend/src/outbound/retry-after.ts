/** Nobody's wish to be left alone is heeded for longer: a broken server would otherwise stop an account for years. */
export const RETRY_AFTER_CAP_MS: number = 60 * 60 * 1000;

const DELAY_SECONDS = /^\d+$/;
/** IMF-fixdate and the obsolete RFC 850 form; `Date.parse` alone takes far more than the two. */
const HTTP_DATE =
  /^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2}(?:\d{2})? \d{2}:\d{2}:\d{2} GMT$/;
/** The obsolete asctime form, which names no zone and means GMT. */
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * How long a server wants to be left alone, in milliseconds from `nowMs`; `undefined` where it did not say so intelligibly.
 * A moment in the past is 0, and nothing is more than {@link RETRY_AFTER_CAP_MS}.
 *
 * @see [RFC 9110 §10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  const wishMs = DELAY_SECONDS.test(text) ? Number(text) * 1000 : dateMs(text) - nowMs;
  return Number.isNaN(wishMs) ? undefined : Math.min(Math.max(wishMs, 0), RETRY_AFTER_CAP_MS);
}

function dateMs(text: string): number {
  if (HTTP_DATE.test(text)) return Date.parse(text);
  return ASCTIME.test(text) ? Date.parse(`${text} GMT`) : Number.NaN;
}
