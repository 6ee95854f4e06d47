/** Names a value from outside. @throws TypeError where it is something else. */
export type Parser<T> = (value: unknown) => T;

function unexpected(): never {
  throw new TypeError('Unexpected answer.');
}

function primitive<T>(type: string): Parser<T> {
  return (value) => (typeof value === type ? (value as T) : unexpected());
}

/** Narrows to a string. @throws TypeError otherwise. */
export const text: Parser<string> = primitive('string');

/** Narrows to a number. @throws TypeError otherwise. */
export const number: Parser<number> = primitive('number');

/** Narrows to a boolean. @throws TypeError otherwise. */
export const boolean: Parser<boolean> = primitive('boolean');

/** Narrows to one of a closed set. @throws TypeError otherwise. */
export function oneOf<T extends string>(set: readonly T[]): Parser<T> {
  return (value) => set.find((item) => item === value) ?? unexpected();
}

/** Narrows to an array. @throws TypeError otherwise. */
export function list<T>(item: Parser<T>): Parser<T[]> {
  return (value) => (Array.isArray(value) ? value.map(item) : unexpected());
}

/** Narrows where there is a value at all. */
export function optional<T>(parse: Parser<T>): Parser<T | undefined> {
  return (value) => (value === undefined || value === null ? undefined : parse(value));
}

/** Narrows to an object of these members; others are left out. @throws TypeError otherwise. */
export function object<T extends object>(members: { readonly [K in keyof T]-?: Parser<T[K]> }): Parser<T> {
  return (value) => {
    const parsed = Object.entries<Parser<unknown>>(members).map(([name, parse]) => [name, parse((value as Record<string, unknown>)[name])]);
    return Object.fromEntries(parsed) as T;
  };
}
