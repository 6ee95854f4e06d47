/** A piece of a document, escaped already. */
export interface Xml {
  readonly xml: string;
}

/** Writes an element. Attributes and children that are `undefined` are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  ...children: readonly (Xml | undefined)[]
): Xml {
  const written = Object.entries(attributes).map(([key, value]) => (value === undefined ? '' : ` ${key}="${escape(value)}"`));
  const content = children.map((child) => child?.xml ?? '').join('');
  return { xml: `<${name}${written.join('')}${content === '' ? '/>' : `>${content}</${name}>`}` };
}

/** Writes an element that holds text. */
export function textElement(name: string, text: string, attributes: Readonly<Record<string, string>> = {}): Xml {
  return element(name, attributes, { xml: escape(text) });
}

/** What XML has no way to write is left out: Exchange would refuse the whole request. [XML 1.0 §2.2](https://www.w3.org/TR/xml/#charsets) */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
  '\n': '&#xA;',
  '\t': '&#x9;',
};

/** Line breaks are written as references: as themselves they would be changed on their way, in attributes to spaces. */
function escape(text: string): string {
  return text.replace(FORBIDDEN, '').replace(/[&<>"\r\n\t]/g, (character) => REFERENCES[character] ?? character);
}
