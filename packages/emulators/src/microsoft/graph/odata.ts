import type { Context } from 'hono';
import { GraphError } from './graph-error.ts';

/** What a page of a collection needs. */
export interface PageRequest {
  readonly items: readonly object[];
  /** What follows `$metadata#` in `@odata.context`. */
  readonly context: string;
  readonly serverUrl: string;
}

const PAGE_SIZE = { usual: 10, most: 1000 };
const KNOWN_OPTIONS = new Set(['$select', '$top', '$skip', '$count', '$orderby']);

/**
 * Answers with one page of a collection. The next page's address is absolute and goes to where servers find the emulator.
 * @see {@link https://learn.microsoft.com/graph/paging}
 */
export function answerPage(c: Context, { items, context, serverUrl }: PageRequest): Response {
  const url = new URL(c.req.url);
  for (const name of url.searchParams.keys()) {
    if (name.startsWith('$') && !KNOWN_OPTIONS.has(name))
      throw new GraphError(400, 'BadRequest', `The Microsoft emulator does not know ${name}.`);
  }
  const top = pageSize(c, url);
  const skip = wholeNumber(url.searchParams.get('$skip'), { name: '$skip', least: 0, most: Infinity }) ?? 0;
  const shown = items.slice(skip, skip + top);
  const select = url.searchParams.get('$select');
  const hasMore = skip + top < items.length;
  return c.json({
    '@odata.context': `${serverUrl}/v1.0/$metadata#${context}${select === null ? '' : `(${select})`}`,
    ...(url.searchParams.get('$count') === 'true' ? { '@odata.count': items.length } : {}),
    value: shown.map((item) => selectFields(item, select)),
    ...(hasMore ? { '@odata.nextLink': nextLink(url, serverUrl, skip + top) } : {}),
  });
}

/** Leaves what `$select` names, and what Graph always adds. */
export function selectFields(item: object, select: string | null): object {
  if (select === null) return item;
  const names = new Set(select.split(',').map((name) => name.trim()));
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name) || name === 'id' || name.startsWith('@')));
}

/** Reads one of the preferences of the request's `Prefer` headers, such as `outlook.timezone`. */
export function preference(c: Context, name: string): string | undefined {
  const header = c.req.header('Prefer') ?? '';
  return new RegExp(`${name.replace('.', '\\.')}\\s*=\\s*"?([^",;]+)"?`, 'i').exec(header)?.[1]?.trim();
}

function pageSize(c: Context, url: URL): number {
  const preferred = wholeNumber(preference(c, 'odata.maxpagesize') ?? null, { name: 'odata.maxpagesize', least: 1, most: PAGE_SIZE.most });
  return wholeNumber(url.searchParams.get('$top'), { name: '$top', least: 1, most: PAGE_SIZE.most }) ?? preferred ?? PAGE_SIZE.usual;
}

function wholeNumber(text: string | null, { name, least, most }: { name: string; least: number; most: number }): number | undefined {
  if (text === null) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new GraphError(400, 'ErrorInvalidRequest', `Invalid value '${text}' for ${name} query option found.`);
  }
  return value;
}

function nextLink(url: URL, serverUrl: string, skip: number): string {
  const next = new URL(`${serverUrl}${url.pathname}${url.search}`);
  next.searchParams.set('$skip', String(skip));
  return next.href;
}
