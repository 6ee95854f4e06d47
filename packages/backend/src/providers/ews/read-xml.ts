import { SaxesParser } from 'saxes';

/** An element, its name without the prefix: the namespaces of EWS hold no two elements of one name that could be taken for each other. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** An answer of EWS is some fifteen levels deep. */
const MAX_DEPTH = 64;
/** A hundred events with two hundred guests each are two hundred thousand. */
const MAX_ELEMENTS = 400_000;
/** An element of EWS has five at most. */
const MAX_ATTRIBUTES = 100;

class Unreadable extends Error {}

/**
 * Reads a document; `undefined` for what is not well-formed, has a document type, which is refused before any parsing, or is larger than
 * anything Exchange would send. No entity is known but XML's own five.
 */
export function readXml(document: string): XmlElement | undefined {
  // Exchange writes no text as it is in which this could stand.
  if (/<!DOCTYPE/i.test(document)) return undefined;
  try {
    return parse(withoutForbiddenReferences(document));
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Returns the first child of that name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Returns the text of the first child of that name, without white space around it; `undefined` where there is none. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  const text = childOf(element, name)?.text.trim();
  return text === '' ? undefined : text;
}

function parse(document: string): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  let attributeCount = 0;
  const refuse = (): never => {
    throw new Unreadable();
  };
  parser.on('error', refuse);
  parser.on('opentagstart', () => {
    attributeCount = 0;
  });
  // Counted while they come: the parser keeps all of an element's until its end.
  parser.on('attribute', () => {
    attributeCount += 1;
    if (attributeCount > MAX_ATTRIBUTES) refuse();
  });
  parser.on('opentag', ({ local, attributes }) => {
    count += 1;
    if (open.length >= MAX_DEPTH || count > MAX_ELEMENTS) refuse();
    const values = Object.values(attributes).map((attribute) => [attribute.local, attribute.value]);
    const element: OpenElement = { name: local, attributes: Object.fromEntries(values) as Record<string, string>, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(document).close();
  return root;
}

/** Exchange writes characters that XML does not have, where somebody has pasted them into a title, as references such as `&#x1F;`. */
function withoutForbiddenReferences(document: string): string {
  return document.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (reference, hex: string | undefined, decimal: string | undefined) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return isXmlCharacter(code) ? reference : '';
  });
}

/** [XML 1.0 §2.2](https://www.w3.org/TR/xml/#charsets) */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
