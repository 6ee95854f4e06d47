import { parseXml, type XmlElement, type XmlLimits } from '../../xml/parse-xml.ts';

/** What Autodiscover and a first request to EWS answer is a few kilobytes and a dozen levels deep. */
const MAX_BYTES: number = 256 * 1024;
const LIMITS: XmlLimits = {
  maxCharacters: MAX_BYTES,
  maxParts: 5000,
  maxDepth: 64,
  maxAttributes: 100,
  // No server writes comments and processing instructions there, and they can part a name in two.
  unwanted: ['doctype', 'comment', 'processinginstruction'],
  forbiddenReferences: 'refuse',
};

/**
 * Reads a document that a server of somebody's choice sent; `undefined` for what is not well-formed UTF-8, or is larger or deeper than such
 * an answer. Document types are refused before any parsing, and with them every entity but XML's own five.
 */
export function readXml(bytes: Uint8Array): XmlElement | undefined {
  const document = bytes.length > MAX_BYTES ? undefined : textOf(bytes);
  if (document === undefined || /<!DOCTYPE|<!ENTITY|<!ELEMENT|<!ATTLIST/i.test(document)) return undefined;
  return parseXml(document, LIMITS).root;
}

/** Only UTF-8, whatever the document says of itself: what is read in one encoding is followed by something that reads it in another. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const declared = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})["']/.exec(text.slice(0, 300))?.[1];
    return declared === undefined || /^(utf-8|us-ascii)$/i.test(declared) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Returns all children of that name. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** Returns the one child of that name; `undefined` where there is none or several, because nobody can say which of them is meant. */
export function onlyChild(element: XmlElement | undefined, name: string): XmlElement | undefined {
  const found = childrenOf(element, name);
  return found.length === 1 ? found[0] : undefined;
}

/** Follows {@link onlyChild} down the names. */
export function descend(element: XmlElement | undefined, ...names: readonly string[]): XmlElement | undefined {
  return names.reduce(onlyChild, element);
}

/** Returns the text of the one child of that name, without white space around it; `undefined` where it has none or has children. */
export function textIn(element: XmlElement | undefined, name: string): string | undefined {
  const child = onlyChild(element, name);
  const text = child === undefined || child.children.length > 0 ? '' : child.text.trim();
  return text === '' ? undefined : text;
}
