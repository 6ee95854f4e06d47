/** Compares in a time that does not tell how much of the given text was right. Nothing is the same as an empty text. */
export function isSameText(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length;
  for (let index = 0; index < given.length; index += 1)
    difference |= expected.charCodeAt(index % expected.length) ^ given.charCodeAt(index);
  return difference === 0 && expected !== '';
}
