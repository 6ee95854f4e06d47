/** All that may end a line somewhere, and all that cannot be printed. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;
/** What turns the text behind it around. Marks that only give a direction to their own text (U+200E, U+200F) and joiners may stay. */
const TURNING = /[\u202a-\u202e\u2066-\u2069]/gu;

/** A text from outside as one line: no line break, nothing that cannot be printed, nothing that turns a sentence around. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(CONTROL, ' ').replace(TURNING, '').trim();
}

/** A text from outside as lines, parted by line feeds; at most one of two is empty. */
export function plainLines(text: string): string {
  return text
    .split(/\r\n?|[\n\u0085\u2028\u2029]/u)
    .map((line) => oneLine(line))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** The address as a browser would write it, where it is one of the web; `undefined` for every other scheme and for what is no address. */
export function webAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}
