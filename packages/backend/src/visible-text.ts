/** Control characters, and marks that turn the direction of text, could make a page say something else than it holds. */
const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

/** Tells whether a text from outside may stand on a page as a name: 1 to `maxLength` characters, all of which can be seen. */
export function isVisibleText(text: string, maxLength: number): boolean {
  return text.trim() !== '' && text.length <= maxLength && !HIDDEN.test(text);
}
