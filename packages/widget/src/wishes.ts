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
  /** `popup`, `redirect`, or as the browser lets it. */
  readonly flow: string | null | undefined;
  /** Where a redirect comes back to, on this page's origin. */
  readonly returnPath: string;
}

/** Longer ones the backend refuses. */
const MAX_PATH_LENGTH = 2000;

/** Reads it; without a path it is `here`. */
export function parseWay({ flow, returnPath }: WishAttributes, here: string): Way {
  return {
    flow,
    returnPath: returnPath || (here.length > MAX_PATH_LENGTH ? location.pathname : here),
  };
}

function words(value: string | null | undefined): string[] | undefined {
  return value?.match(/[^\s,]+/g) ?? undefined;
}
