import { SaxesParser } from 'saxes';

/** An element by the name without its prefix, and the namespace it is in. */
export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** What Autodiscover and a first request to EWS answer is a few kilobytes and a dozen levels deep. */
const MAX_BYTES: number = 256 * 1024;
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 5000;
const MAX_ATTRIBUTES = 100;

class Unreadable extends Error {}

/**
 * Reads a document that a server of somebody's choice sent; `undefined` for what is not well-formed UTF-8, or is larger or deeper than such
 * an answer. Document types are refused before any parsing, and with them every entity but XML's own five. Comments and processing
 * instructions are refused as well: no server writes them there, and they can part a name in two.
 */
export function readXml(bytes: Uint8Array): XmlElement | undefined {
  const document = bytes.length > MAX_BYTES ? undefined : textOf(bytes);
  if (document === undefined || /<!DOCTYPE|<!ENTITY|<!ELEMENT|<!ATTLIST/i.test(document)) return undefined;
  try {
    return parse(document);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
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

function parse(document: string): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;
  const refuse = (): never => {
    throw new Unreadable();
  };
  for (const unwanted of ['error', 'doctype', 'comment', 'processinginstruction'] as const) parser.on(unwanted, refuse);
  parser.on('opentagstart', () => {
    attributes = 0;
    elements += 1;
    if (open.length >= MAX_DEPTH || elements > MAX_ELEMENTS) refuse();
  });
  // Counted while they come: the parser keeps all of an element's until its end.
  parser.on('attribute', () => void ((attributes += 1) > MAX_ATTRIBUTES && refuse()));
  parser.on('opentag', ({ local, uri, attributes: given }) => {
    const values = Object.values(given).map((attribute) => [attribute.local, attribute.value] as const);
    const element: OpenElement = { name: local, namespace: uri, attributes: new Map(values), children: [], text: '' };
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
