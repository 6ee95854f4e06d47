import { describe, expect, it } from 'vitest';
import { childOf, readXml, textOf, tryReadXml } from './read-xml.ts';
import { pageOf, viewOf } from './read-xml.contract.ts';
import { element, textElement } from './write-xml.ts';

describe('an answer of Exchange', () => {
  it('is read by the names of its elements, whatever their prefixes', () => {
    const root = readXml('<?xml version="1.0"?><a:Root xmlns:a="urn:x" A="1"><Item> &lt;x&gt; <![CDATA[<y/>]]></Item><b/></a:Root>');
    expect([root?.name, root?.attributes.get('A'), textOf(root, 'Item'), textOf(root, 'b'), childOf(root, 'c')]).toEqual([
      'Root',
      '1',
      '<x> <y/>',
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['a document type', '<!DOCTYPE r><r/>'],
    ['a document type in small letters, as pages have it', '<!doctype html><html></html>'],
    ['a document type behind a comment', '<!-- x --><!DOCTYPE r><r/>'],
    ['a document type that does not end', `<!DOCTYPE r [${'<!ENTITY e "x">'.repeat(50_000)}`],
    ['entities of its own', '<!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>'],
    ['entities of elsewhere', '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>'],
    ['an entity that nobody declared', '<r>&e;</r>'],
    ['an end that does not come', '<r><a></r>'],
    ['a prefix of nothing', '<x:r/>'],
    ['two roots', '<r/><r/>'],
    ['no XML', 'Sign in to your account'],
    ['nothing', ''],
    ['more depth than an answer has', `${'<r>'.repeat(65)}${'</r>'.repeat(65)}`],
    ['more attributes than an element has', `<r ${Array.from({ length: 200_000 }, (_, index) => `a${index}=""`).join(' ')}/>`],
    ['a processing instruction, which SOAP forbids', '<r><?php x ?></r>'],
  ])('is not read where it has %s', (_what, document) => {
    expect(readXml(document)).toBeUndefined();
  });

  it('is read as deep as any is', () => {
    expect(readXml(`${'<r>'.repeat(64)}${'</r>'.repeat(64)}`)?.name).toBe('r');
  });

  it.each([
    ['longer than any', `<r>${'x'.repeat(4 * 1024 * 1024)}</r>`],
    ['of more elements than any', `<r>${'<a/>'.repeat(50_000)}</r>`],
    ['of more attributes than any', `<r>${'<a b="1" c="2" d="3" e="4"/>'.repeat(40_000)}</r>`],
    ['of more references to characters than any', `<r>${'&#65;'.repeat(50_000)}</r>`],
    ['of more references in an attribute than any', `<r a="${'&amp;'.repeat(50_000)}"/>`],
    ['of more sections than any', `<r>${'<![CDATA[]]>'.repeat(50_000)}</r>`],
    ['of more comments than any', `<r>${'<!---->'.repeat(50_000)}</r>`],
    ['of more parts together than any', `<r>${'<a b="&#65;"/>'.repeat(70_000)}</r>`],
  ])('is too large, and not unreadable, where it is %s', (_what, document) => {
    expect(tryReadXml(document)).toEqual({ root: undefined, tooLarge: true });
  });

  it('is unreadable, and not too large, where it is no XML', () => {
    expect(tryReadXml('<r><a></r>')).toEqual({ root: undefined, tooLarge: false });
    expect(tryReadXml('<!DOCTYPE r><r/>')).toEqual({ root: undefined, tooLarge: false });
  });

  it.each([
    ['a view of a thousand events', viewOf(1000)],
    ['a page of a hundred events with thirty guests and a hundred lines each', pageOf(100, { guests: 30, lines: 100 })],
    ['a page of a hundred events with four hundred lines of text each', pageOf(100, { guests: 0, lines: 400 })],
    ['an event with five thousand guests', pageOf(1, { guests: 5000, lines: 50 })],
  ])('is read where it is %s', (_what, document) => {
    expect(readXml(document)?.name).toBe('Envelope');
  });

  it('has its lines end as XML says, however they were written', () => {
    expect(readXml('<r a="x\r\ny">1\r\n2\r3\n4&#xD;\r\n5</r>')).toMatchObject({
      attributes: new Map([['a', 'x y']]),
      text: '1\n2\n3\n4\r\n5',
    });
  });

  it('loses the references to characters that XML does not have, which Exchange writes', () => {
    expect(readXml('<r>a&#x1F;b&#0;c&#xB;d&#65;&#x1F600;&#xD800;&#x9;e</r>')?.text).toBe('abcdA😀\te');
  });
});

describe('what is written', () => {
  it('comes back as it was, but for what XML cannot hold', () => {
    const text = `<&>"'\r\n\t é😀 ]]> &amp;`;
    const { xml } = element('r', { a: text, none: undefined }, textElement('t', `${text}\u0000\u001F\uFFFF\uD800`), undefined);
    expect([readXml(xml)?.attributes, readXml(xml)?.children[0]?.text]).toEqual([new Map([['a', text]]), text]);
  });
});
