import { isAccessMode } from '@calendar-connect/protocol';
import type { SessionWishes } from './connect-session.ts';

/** The attributes that say what a session is asked for with. */
export interface WishAttributes {
  readonly session?: string | null;
  readonly scope?: string | null;
  readonly providers?: string | null;
  readonly accessModes?: string | null;
  readonly locale?: string | null;
  readonly flow?: string | null;
  readonly returnPath?: string | null;
}

/** Reads them; where no language is given it is that of the document. */
export function parseWishes({ session, scope, providers, accessModes, locale }: WishAttributes): SessionWishes {
  return {
    session: session || undefined,
    scope: scope || undefined,
    providers: words(providers),
    access_modes: words(accessModes)?.filter(isAccessMode),
    locale: locale || document.documentElement.lang || undefined,
  };
}

/** How the person gets to the provider. */
export interface Way {
  readonly flow: 'auto' | 'popup' | 'redirect';
  /** Where a redirect comes back to, on this page's origin. */
  readonly returnPath: string;
}

/** What the answer brings, and so may not be there before. */
const RESERVED = ['code', 'state', 'iss', 'error'];
/** Longer ones the backend refuses. */
const MAX_PATH_LENGTH = 2000;

/** Reads it; a flow that nobody knows is `auto`, and without a path it is this very place, as far as an answer can come back to it. */
export function parseWay({ flow, returnPath }: WishAttributes): Way {
  return {
    flow: flow === 'popup' || flow === 'redirect' ? flow : 'auto',
    returnPath: returnPath || thisPlace(),
  };
}

function thisPlace(): string {
  const { pathname, searchParams } = new URL(location.href);
  const taken = RESERVED.filter((name) => searchParams.has(name));
  for (const name of taken) searchParams.delete(name);
  const rest = taken.length ? String(searchParams).replace(/^(?=.)/, '?') : location.search;
  const path = pathname + rest + location.hash;
  return path.length > MAX_PATH_LENGTH ? pathname : path;
}

function words(value: string | null | undefined): string[] | undefined {
  return value?.match(/[^\s,]+/g) ?? undefined;
}
