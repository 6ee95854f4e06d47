import { describe, expect, it } from 'vitest';
import { childOf, readXml, textOf } from './read-xml.ts';
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
    ['a document type that does not end', `<!DOCTYPE r [${'<!ENTITY e "x">'.repeat(100_000)}`],
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
    ['more elements than an answer has', `<r>${'<a/>'.repeat(400_000)}</r>`],
  ])('is not read where it has %s', (_what, document) => {
    expect(readXml(document)).toBeUndefined();
  });

  it('is read as deep as any is', () => {
    expect(readXml(`${'<r>'.repeat(64)}${'</r>'.repeat(64)}`)?.name).toBe('r');
  });

  it('is refused in time where it is hostile, however long it is', () => {
    const startedMs = performance.now();
    for (const part of ['<a>', '<!DOCTYPE r ', '&lol;', '<a ', ' a="x"', '<!--'])
      expect(readXml(`<r>${part.repeat(1_000_000)}`)).toBeUndefined();
    expect(performance.now() - startedMs).toBeLessThan(5000);
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
