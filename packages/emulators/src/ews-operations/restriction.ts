import type { XmlElement } from './read-xml.ts';
import { invalidSchema } from './soap.ts';

/** Says what a path means of whatever is looked at; `undefined` where it has no such property. */
export type ValueOf = (path: XmlElement) => string | undefined;

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  IsEqualTo: (order) => order === 0,
  IsNotEqualTo: (order) => order !== 0,
  IsGreaterThan: (order) => order > 0,
  IsGreaterThanOrEqualTo: (order) => order >= 0,
  IsLessThan: (order) => order < 0,
  IsLessThanOrEqualTo: (order) => order <= 0,
};

/**
 * Says whether something fits a search expression, the content of a `Restriction`.
 * @throws EwsFault for an expression that is none
 * @see {@link https://learn.microsoft.com/exchange/client-developer/web-service-reference/restriction}
 */
export function fits(expression: XmlElement, valueOf: ValueOf): boolean {
  const { name, children } = expression;
  switch (name) {
    case 'And':
      return children.every((child) => fits(child, valueOf));
    case 'Or':
      return children.some((child) => fits(child, valueOf));
    case 'Not':
      return children.every((child) => !fits(child, valueOf));
    case 'Exists':
      return valueOf(pathOf(expression)) !== undefined;
    case 'Contains':
      return contains(expression, valueOf);
    default: {
      const comparison = COMPARISONS[name];
      if (comparison === undefined) throw invalidSchema(`the element 'Restriction' has invalid child element '${name}'`);
      const [, operand] = children;
      const other = operand?.children[0];
      if (other === undefined) throw invalidSchema(`the element '${name}' has incomplete content`);
      const value = valueOf(pathOf(expression));
      const wanted = other.name === 'Constant' ? other.attributes.get('Value') : valueOf(other);
      return value !== undefined && wanted !== undefined && comparison(compareValues(value, wanted));
    }
  }
}

/** Orders two values: as numbers or times where both are such, and as texts without their case else. */
export function compareValues(one: string, other: string): number {
  const [a, b] = [toNumber(one), toNumber(other)];
  if (!Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  return one.toLowerCase() < other.toLowerCase() ? -1 : Number(one.toLowerCase() > other.toLowerCase());
}

function toNumber(value: string): number {
  if (/^-?\d+$/.test(value)) return Number(value);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : NaN;
}

function contains(expression: XmlElement, valueOf: ValueOf): boolean {
  const wanted = expression.children.find(({ name }) => name === 'Constant')?.attributes.get('Value');
  if (wanted === undefined) throw invalidSchema("the element 'Contains' has incomplete content");
  const ignoresCase = expression.attributes.get('ContainmentComparison')?.startsWith('IgnoreCase') === true;
  const plain = (text: string): string => (ignoresCase ? text.toLowerCase() : text);
  const value = valueOf(pathOf(expression));
  if (value === undefined) return false;
  switch (expression.attributes.get('ContainmentMode')) {
    case 'Substring':
      return plain(value).includes(plain(wanted));
    case 'Prefixed':
      return plain(value).startsWith(plain(wanted));
    default:
      return plain(value) === plain(wanted);
  }
}

function pathOf({ name, children }: XmlElement): XmlElement {
  const [path] = children;
  if (path === undefined) throw invalidSchema(`the element '${name}' has incomplete content`);
  return path;
}
