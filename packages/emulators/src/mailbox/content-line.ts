/** One line of iCalendar: [RFC 5545 §3.1](https://www.rfc-editor.org/rfc/rfc5545#section-3.1) */
export interface ContentLine {
  /** In capital letters. */
  readonly name: string;
  /** By name in capital letters; of several values the text with its commas. */
  readonly parameters: ReadonlyMap<string, string>;
  /** As it stands there, with its escapes. */
  readonly value: string;
}

const NAME = /^[\w-]+/;
const PARAMETER = /;([\w-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/y;

/** Reads the lines of an iCalendar text and leaves out what is none. */
export function readContentLines(source: string): readonly ContentLine[] {
  const unfolded = source.replace(/\r?\n[ \t]/g, '');
  return unfolded.split(/\r?\n/).flatMap((line) => readContentLine(line) ?? []);
}

function readContentLine(line: string): ContentLine | undefined {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return undefined;
  const parameters = new Map<string, string>();
  let end = name.length;
  PARAMETER.lastIndex = end;
  for (let found = PARAMETER.exec(line); found !== null; found = PARAMETER.exec(line)) {
    const [all, parameter = '', value = ''] = found;
    parameters.set(parameter.toUpperCase(), withoutCarets(value.replaceAll('"', '')));
    end += all.length;
    PARAMETER.lastIndex = end;
  }
  return line[end] === ':' ? { name: name.toUpperCase(), parameters, value: line.slice(end + 1) } : undefined;
}

/** [RFC 6868 §3.2](https://www.rfc-editor.org/rfc/rfc6868#section-3.2) */
function withoutCarets(value: string): string {
  return value.replace(/\^([n'^])/g, (_all, sign: string) => (sign === 'n' ? '\n' : sign === "'" ? '"' : '^'));
}

/** Takes the escapes out of a text: [RFC 5545 §3.3.11](https://www.rfc-editor.org/rfc/rfc5545#section-3.3.11) */
export function unescapeText(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_all, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign));
}
