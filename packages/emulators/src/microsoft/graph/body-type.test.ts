import { expect, test } from 'vitest';
import { inBodyType } from './body-type.ts';

test('a body is written in the type that is preferred', () => {
  const html = { contentType: 'html', content: '<div>One &amp; <b>two</b></div>\r\n<a href="https://x.example/?a&amp;b">Join</a>' };
  expect(inBodyType(html, 'text')).toEqual({ contentType: 'text', content: 'One & two\r\nJoin<https://x.example/?a&b>' });
  const text = { contentType: 'text', content: 'One <two>\nthree' };
  expect(inBodyType(text, 'html').content).toContain('One &lt;two&gt;<br>\r\nthree');
  expect([inBodyType(text, undefined), inBodyType(text, 'text'), inBodyType(html, 'html')]).toEqual([text, text, html]);
});
