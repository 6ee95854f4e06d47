import { SaxesParser } from 'saxes';

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
  readonly maxDepth: number;
  readonly maxElements: number;
  /** Of one element. */
  readonly maxAttributes: number;
  readonly unwanted: readonly ('doctype' | 'comment' | 'processinginstruction')[];
}

class Unreadable extends Error {}

/** Most elements have none. */
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** Parses a document within limits that are looked at while it is read; `undefined` for what is not well-formed, or goes beyond them. No entity is known but XML's own five. */
export function parseXml(document: string, limits: XmlLimits): XmlElement | undefined {
  try {
    return parse(document, limits);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function parse(document: string, limits: XmlLimits): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;
  const refuse = (): never => {
    throw new Unreadable();
  };
  for (const unwanted of ['error', ...limits.unwanted] as const) parser.on(unwanted, refuse);
  parser.on('opentagstart', () => {
    attributes = 0;
    elements += 1;
    if (open.length >= limits.maxDepth || elements > limits.maxElements) refuse();
  });
  // Counted while they come: the parser keeps all of an element's until its end.
  parser.on('attribute', () => void ((attributes += 1) > limits.maxAttributes && refuse()));
  parser.on('opentag', ({ local, uri, attributes: given }) => {
    const values = Object.values(given).map((attribute) => [attribute.local, attribute.value] as const);
    const element: OpenElement = {
      name: local,
      namespace: uri,
      attributes: values.length === 0 ? NO_ATTRIBUTES : new Map(values),
      children: [],
      text: '',
    };
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
