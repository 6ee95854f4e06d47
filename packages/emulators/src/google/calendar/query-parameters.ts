import { parseRfc3339 } from '../../time-zones.ts';
import { invalid } from './api-error.ts';

/** One page of a list. */
export interface Slice<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | undefined;
}

/**
 * Reads `maxResults`. More than the most is taken for the most.
 * @throws ApiError 400 for anything but a positive whole number.
 */
export function maxResults(text: string | undefined, limits: { readonly usual: number; readonly most: number }): number {
  if (text === undefined) return limits.usual;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw invalid('maxResults', 'Invalid value for maxResults.');
  return Math.min(number, limits.most);
}

/**
 * Cuts one page out of a list.
 * @throws ApiError 400 for a `pageToken` that did not come from here.
 */
export function slicePage<T>(all: readonly T[], pageToken: string | undefined, size: number): Slice<T> {
  const start = pageToken === undefined ? 0 : offsetOf(pageToken);
  const end = start + size;
  return { items: all.slice(start, end), nextPageToken: end < all.length ? Buffer.from(`offset:${end}`).toString('base64url') : undefined };
}

/** Reads a truth value; anything but `true` is false. */
export function flag(text: string | undefined): boolean {
  return text === 'true';
}

/**
 * Reads an RFC 3339 time with its offset.
 * @throws ApiError 400 when it is none.
 */
export function timeParameter(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const instant = parseRfc3339(text);
  if (instant === undefined) throw invalid(name, 'Bad Request');
  return instant;
}

function offsetOf(pageToken: string): number {
  const offset = /^offset:(\d+)$/.exec(Buffer.from(pageToken, 'base64url').toString())?.[1];
  if (offset === undefined) throw invalid('pageToken', 'Invalid page token value.');
  return Number(offset);
}
