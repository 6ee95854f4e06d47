/** What is wrong with one field. */
export interface FieldError {
  /** `errors.` and a name, as the partner API has them. Stable. */
  readonly key: string;
  /** What was expected, and what to do. Nothing of what was sent. */
  readonly description: string;
}

/** By field, as in the body of a 422. */
export type FieldErrors = Readonly<Record<string, readonly FieldError[]>>;

/** Why a call of the calendar API is refused. */
export type Refusal =
  /** There is no such calendar, or page. */
  | { readonly reason: 'not_found' }
  /** The person has to connect again before it can be done. */
  | { readonly reason: 'forbidden' }
  | { readonly reason: 'invalid'; readonly errors: FieldErrors }
  /** Somebody else is changing the same thing. */
  | { readonly reason: 'locked' }
  /** The provider cannot do it now. Nothing was lost, and the same request does it later, once. */
  | { readonly reason: 'unavailable'; readonly retryAfterMs: number | undefined };

/** A call of the calendar API that is refused. */
export class CalendarRefusal extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.reason === 'invalid' ? `invalid: ${Object.keys(refusal.errors).join(', ')}` : refusal.reason);
    this.name = 'CalendarRefusal';
    this.refusal = refusal;
  }
}

/** A refusal for one field. */
export function invalidField(field: string, key: string, description: string): CalendarRefusal {
  return new CalendarRefusal({ reason: 'invalid', errors: { [field]: [{ key: `errors.${key}`, description }] } });
}
