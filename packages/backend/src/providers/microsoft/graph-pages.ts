import { z } from 'zod';
import type { Answer } from '../answer.ts';
import type { Unavailable } from '../provider.ts';
import { askGraph, followLink, type GraphCaller, type GraphRequest, isGraphLink } from './graph.ts';

const PAGE = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().min(1).optional() });

/** A list that comes in pages. */
export interface GraphList<T, F> {
  readonly what: string;
  readonly request: GraphRequest;
  readonly pageSize: number;
  /** More pages are a fault: of a list that goes round, or of us who asked for too much. */
  readonly mostPages: number;
  /** Reads one entry as none, one or more; `undefined` where it cannot be read. */
  readonly parse: (entry: unknown) => readonly T[] | undefined;
  readonly fail: (what: string, answer: Answer) => F;
}

/**
 * Reads every page of a list, one after the other, since Outlook serves four calls of one app on one mailbox at a time. One entry that
 * cannot be read makes the list an error: whoever misses an event takes somebody for free.
 *
 * @see [Paging](https://learn.microsoft.com/graph/paging)
 */
export async function readPages<T, F>(
  caller: GraphCaller,
  list: GraphList<T, F>,
): Promise<{ readonly outcome: 'ok'; readonly value: readonly T[] } | F | Unavailable> {
  const { what, fail } = list;
  const prefer = [...(list.request.prefer ?? []), `odata.maxpagesize=${list.pageSize}`];
  const entries: T[] = [];
  let answer = await askGraph(caller, { ...list.request, prefer });
  for (let page = 1; ; page += 1) {
    const read = answer.answered && answer.status === 200 ? PAGE.safeParse(answer.body).data : undefined;
    if (read === undefined) return fail(what, answer);
    for (const entry of read.value) {
      const parsed = list.parse(entry);
      if (parsed === undefined) return unreadable(`${what}: an entry could not be read`);
      entries.push(...parsed);
    }
    const link = read['@odata.nextLink'];
    if (link === undefined) return { outcome: 'ok', value: entries };
    if (!isGraphLink(caller.settings, link)) return unreadable(`${what}: the next page would be somewhere else than at Graph`);
    if (page === list.mostPages) return unreadable(`${what}: more than ${list.mostPages} pages`);
    answer = await followLink(caller, link, { prefer });
  }
}

function unreadable(operatorHint: string): Unavailable {
  return { outcome: 'unavailable', retryAfterMs: undefined, operatorHint };
}
