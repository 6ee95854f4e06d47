import { parseXml, type XmlElement, type XmlLimits } from '../xml/parse-xml.ts';

/** What Exchange answers at most. The namespaces of EWS hold no two elements of one name that could be taken for each other. */
const LIMITS: XmlLimits = {
  // An answer of EWS is some fifteen levels deep, and an element of it has five attributes at most.
  maxDepth: 64,
  maxAttributes: 100,
  // A hundred events with two hundred guests each are two hundred thousand.
  maxElements: 400_000,
  unwanted: [],
};

/**
 * Reads a document; `undefined` for what is not well-formed, has a document type, which is refused before any parsing, or is larger than
 * anything Exchange would send.
 */
export function readXml(document: string): XmlElement | undefined {
  // Exchange writes no text as it is in which this could stand.
  if (/<!DOCTYPE/i.test(document)) return undefined;
  return parseXml(withoutForbiddenReferences(document), LIMITS);
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
