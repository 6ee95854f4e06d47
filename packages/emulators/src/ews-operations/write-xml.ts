/** A piece of a document, already escaped. */
export interface Xml {
  readonly xml: string;
}

/** Writes an element. Attributes without a value are left out. */
export function element(name: string, attributes: Readonly<Record<string, string | undefined>>, ...children: readonly Xml[]): Xml {
  const written = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escape(value)}"`]));
  const content = children.map(({ xml }) => xml).join('');
  return { xml: content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>` };
}

/** Writes an element that holds text. */
export function textElement(name: string, value: string | number | boolean): Xml {
  return element(name, {}, { xml: escape(String(value)) });
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
