import { describe, expect, test } from 'vitest';
import { readXml, type XmlElement } from './read-xml.ts';
import { fits } from './restriction.ts';

const VALUES: Readonly<Record<string, string>> = {
  'item:Subject': 'Budget talk',
  'calendar:Start': '2026-11-17T10:00:00Z',
  'calendar:End': '2026-11-17T11:00:00Z',
  'item:Size': '900',
};

function check(expression: string): boolean {
  const root = readXml(`<Restriction>${expression}</Restriction>`);
  const [first] = root?.children ?? [];
  if (first === undefined) throw new Error('expected an expression');
  return fits(first, (path: XmlElement) => VALUES[path.attributes.get('FieldURI') ?? '']);
}

function compare(name: string, field: string, value: string): string {
  return `<${name}><FieldURI FieldURI="${field}"/><FieldURIOrConstant><Constant Value="${value}"/></FieldURIOrConstant></${name}>`;
}

function contains(mode: string, value: string, comparison = 'Exact'): string {
  return `<Contains ContainmentMode="${mode}" ContainmentComparison="${comparison}"><FieldURI FieldURI="item:Subject"/><Constant Value="${value}"/></Contains>`;
}

const YES = compare('IsEqualTo', 'item:Subject', 'budget TALK');
const NO = compare('IsNotEqualTo', 'item:Subject', 'Budget talk');
const LATER =
  '<IsLessThan><FieldURI FieldURI="calendar:Start"/><FieldURIOrConstant><FieldURI FieldURI="calendar:End"/></FieldURIOrConstant></IsLessThan>';

describe('a restriction', () => {
  test.each<[string, string, boolean]>([
    ['texts without their case', YES, true],
    ['what is not', NO, false],
    ['both', `<And>${YES}${NO}</And>`, false],
    ['one of both', `<Or>${NO}${YES}</Or>`, true],
    ['the opposite', `<Not>${NO}</Not>`, true],
    ['numbers as numbers', compare('IsGreaterThan', 'item:Size', '1000'), false],
    ['times as times, whatever their zone', compare('IsLessThanOrEqualTo', 'calendar:Start', '2026-11-17T11:00:00+01:00'), true],
    ['two properties', LATER, true],
    ['what is there', '<Exists><FieldURI FieldURI="item:Subject"/></Exists>', true],
    ['what is not there', '<Exists><FieldURI FieldURI="item:Culture"/></Exists>', false],
    ['what is not there with anything', compare('IsNotEqualTo', 'item:Culture', 'en'), false],
    ['a beginning', contains('Prefixed', 'Budget'), true],
    ['a beginning by its case', contains('Prefixed', 'budget'), false],
    ['a part without its case', contains('Substring', 'TALK', 'IgnoreCase'), true],
    ['the whole', contains('FullString', 'Budget'), false],
  ])('compares %s', (_, expression, expected) => {
    expect(check(expression)).toBe(expected);
  });

  test.each(['<Like/>', '<IsEqualTo/>', '<Contains><FieldURI FieldURI="item:Subject"/></Contains>'])('is refused as %s', (expression) => {
    expect(() => check(expression)).toThrow('schema validation');
  });
});
