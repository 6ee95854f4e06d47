import { SaxesParser, type SaxesTagNS } from 'saxes';
import { withoutForbiddenReferences } from './forbidden-references.ts';

/** An element by its name without the prefix, and the namespace it is in. */
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

/** What a reader takes at most, and what it takes none of. Document types are for the caller to refuse before anything is parsed. */
export interface XmlLimits {
  readonly maxCharacters: number;
  /**
   * Elements, attributes, references, comments and CDATA sections together, which is all that takes far more time and memory than its characters do. For
   * text alone the length is limit enough.
   */
  readonly maxParts: number;
  readonly maxDepth: number;
  /** Of one element. */
  readonly maxAttributes: number;
  readonly unwanted: readonly ('doctype' | 'comment' | 'processinginstruction')[];
  /** References to characters that XML does not have. */
  readonly forbiddenReferences: 'refuse' | 'drop';
}

/** What came of reading: no root where the document is not well-formed or goes beyond a limit. */
export interface XmlReading {
  readonly root: XmlElement | undefined;
  /** Whether it is longer, or of more parts, than is taken; less of it might be read. */
  readonly tooLarge: boolean;
}

class Unreadable extends Error {
  readonly tooLarge: boolean;
  constructor(tooLarge: boolean) {
    super();
    this.tooLarge = tooLarge;
  }
}

/** Most elements have none. */
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** Parses a document within limits that are looked at while it is read. No entity is known but XML's own five. */
export function parseXml(document: string, limits: XmlLimits): XmlReading {
  try {
    return { root: parse(document, limits), tooLarge: false };
  } catch (error) {
    if (error instanceof Unreadable) return { root: undefined, tooLarge: error.tooLarge };
    throw error;
  }
}

function parse(document: string, limits: XmlLimits): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  // The parser tells of no reference.
  let parts = document.length > limits.maxCharacters ? Infinity : countReferences(document, limits.maxParts);
  if (parts > limits.maxParts) throw new Unreadable(true);
  let attributes = 0;
  const refuse = (): never => {
    throw new Unreadable(false);
  };
  const addPart = (): void => {
    parts += 1;
    if (parts > limits.maxParts) throw new Unreadable(true);
  };
  parser.on('comment', addPart);
  // An event has one handler: this one, of what is unwanted.
  for (const unwanted of ['error', ...limits.unwanted] as const) parser.on(unwanted, refuse);
  parser.on('opentagstart', () => {
    attributes = 0;
    addPart();
    if (open.length >= limits.maxDepth) refuse();
  });
  // Counted while they come: the parser keeps all of an element's until its end.
  parser.on('attribute', () => {
    attributes += 1;
    addPart();
    if (attributes > limits.maxAttributes) refuse();
  });
  parser.on('opentag', (tag) => {
    const element = openElement(tag);
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
  parser.on('cdata', (text) => {
    addPart();
    addText(text);
  });
  parser.write(prepare(document, limits)).close();
  return root;
}

function openElement({ local, uri, attributes }: SaxesTagNS): OpenElement {
  const values = Object.values(attributes).map((attribute) => [attribute.local, attribute.value] as const);
  return {
    name: local,
    namespace: uri,
    attributes: values.length === 0 ? NO_ATTRIBUTES : new Map(values),
    children: [],
    text: '',
  };
}

/** Counts no further than one more than may be. */
function countReferences(document: string, max: number): number {
  let count = 0;
  for (let at = document.indexOf('&'); at >= 0 && count <= max; at = document.indexOf('&', at + 1)) count += 1;
  return count;
}

/** Line ends are as [XML 1.0 §2.11](https://www.w3.org/TR/xml/#sec-line-ends) has them: the parser would do the same, with twenty times the memory. */
function prepare(document: string, { forbiddenReferences }: XmlLimits): string {
  const lines = document.replace(/\r\n?/g, '\n');
  return forbiddenReferences === 'drop' ? withoutForbiddenReferences(lines) : lines;
}
