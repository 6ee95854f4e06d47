/** Names the type of a value that no column can hold, for an error that must not show the value. */
export function nameType(value: unknown): string {
  if (typeof value === 'number') return 'a number that is not finite';
  return value instanceof Date ? 'a Date (times are numbers of milliseconds)' : `of type ${typeof value}`;
}
