import { parseXml, type XmlElement, type XmlLimits, type XmlReading } from '../xml/parse-xml.ts';

/** What Exchange answers at most. The namespaces of EWS hold no two elements of one name that could be taken for each other. */
const LIMITS: XmlLimits = {
  // One event with the longest text that is written; a page of a hundred with forty kilobytes each.
  maxCharacters: 4 * 1024 * 1024,
  // A guest is eight elements, an event without guests some forty elements and attributes, and each line of its text has a reference: an event
  // with five thousand guests, or a hundred with thirty guests and a hundred lines each. A view of a thousand events has ten thousand.
  maxParts: 50_000,
  // An answer of EWS is some fifteen levels deep, and an element of it has five attributes at most.
  maxDepth: 64,
  maxAttributes: 100,
  // [SOAP 1.1 §3](https://www.w3.org/TR/2000/NOTE-SOAP-20000508/#_Toc478383491) forbids both.
  unwanted: ['doctype', 'processinginstruction'],
  // Exchange writes such where somebody has pasted them into a title.
  forbiddenReferences: 'drop',
};

const REFUSED: XmlReading = { root: undefined, tooLarge: false };

/** Reads a document. A document type is refused before any parsing. */
export function tryReadXml(document: string): XmlReading {
  // Exchange writes no text as it is in which this could stand.
  return /<!DOCTYPE/i.test(document) ? REFUSED : parseXml(document, LIMITS);
}

/** The root of a document, or `undefined` for whatever {@link tryReadXml} does not take. */
export function readXml(document: string): XmlElement | undefined {
  return tryReadXml(document).root;
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
