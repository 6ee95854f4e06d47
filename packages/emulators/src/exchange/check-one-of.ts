/** Refuses values that are none of those known. @throws TypeError that names the option */
export function checkOneOf(option: string, known: readonly string[], values: readonly string[]): void {
  const wrong = values.find((value) => !known.includes(value));
  if (wrong !== undefined) throw new TypeError(`${option}: expected one of ${known.join(', ')}, received ${wrong}`);
}
