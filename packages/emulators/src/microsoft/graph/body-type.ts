/** The text of an event, as it was sent. */
export interface EventBody {
  readonly contentType: string;
  readonly content: string;
}

/** How a body may be asked for. */
export type BodyType = 'text' | 'html';

/**
 * Writes a body in the type that `Prefer: outlook.body-content-type` names. Without one, as it was sent; Graph would give HTML.
 * @see {@link https://learn.microsoft.com/graph/api/event-get#request-headers}
 */
export function inBodyType(body: EventBody, type: BodyType | undefined): EventBody {
  if (type === undefined || type === body.contentType) return body;
  return { contentType: type, content: type === 'text' ? toText(body.content) : toHtml(body.content) };
}

/** Lines where elements end, and addresses behind what links to them. */
function toText(html: string): string {
  return html
    .replace(/<a\b[^>]*\bhref="([^"]*)"[^>]*>([^<]*)<\/a>/g, '$2&lt;$1&gt;')
    .replace(/\r?\n/g, '')
    .replace(/<(?:br\s*\/?|\/p|\/div)>/gi, '\r\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function toHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<html>\r\n<body>\r\n${escaped.replace(/\r?\n/g, '<br>\r\n')}\r\n</body>\r\n</html>\r\n`;
}
