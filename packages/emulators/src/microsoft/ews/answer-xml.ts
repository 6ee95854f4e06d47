import type { Context } from 'hono';

/** Answers with a document. */
export function answerXml(c: Context, xml: string, status: 200 | 500): Response {
  return c.body(xml, status, { 'Content-Type': 'text/xml; charset=utf-8' });
}
