/** What the address said when the person came back; `iss` as in [RFC 9207](https://www.rfc-editor.org/rfc/rfc9207). */
export interface ReturnAnswer {
  readonly state: string;
  readonly iss: string | null;
  /** Absent where the session did not end as connected: the backend knows how it ended. */
  readonly code: string | null;
}

/** What a reload, or the way to the provider and back, has interrupted. */
export interface Interruption {
  /** The session; absent where this browser remembers none for the answer. */
  readonly id: string | undefined;
  readonly answer: ReturnAnswer | undefined;
}

/** The front of what the page's storage holds of ours. */
export const STORAGE_PREFIX = 'calendar-connect:';

/** Begins every `state` of ours, so that answers to somebody else on the same page stay where they are. */
export const STATE_PREFIX = 'calendar-connect-';

const ANSWER_PARAMETERS = /[?&](?:code|error|error_description|state|iss)(?==|&|$)[^&]*/g;

/** This very place as far as an answer can come back to it: without what an answer brings; the rest stays byte for byte. */
export function herePath(): string {
  const { pathname, search, hash } = location;
  return pathname + search.replace(ANSWER_PARAMETERS, '').replace(/^&/, '?') + hash;
}

/** By then a page has drawn all that it draws by itself. */
const MISSING_AFTER_MS = 3000;

let answer: ReturnAnswer | undefined;

/** Takes our answer out of the address, before anything else of the page can read it or pass it on; query and fragment of the page's own stay byte for byte. */
export function takeAnswer(): void {
  const query = new URLSearchParams(location.search);
  const state = query.get('state');
  if (!state?.startsWith(STATE_PREFIX)) return;
  answer = { state, iss: query.get('iss'), code: query.get('code') };
  history.replaceState(history.state, '', herePath());
}

/** One element of the page, and whom it speaks to. */
interface Standing {
  readonly place: string;
  readonly backend: URL;
}

/**
 * Finds what was interrupted for an element, and tells it, once. An answer goes to the element that set out for it. Where no element did,
 * or that one is not here any more after a while, the first one with its backend is told of an answer without a session.
 */
export function onInterruption(element: Standing, resume: (interruption: Interruption) => void): void {
  const look = (kept: readonly Kept[]): void => {
    const found = findInterruption(element, kept);
    if (found) resume(found);
    // Without what is kept: the one that set out is not here any more.
    else if (answer && kept !== NONE) setTimeout(look, MISSING_AFTER_MS, NONE);
  };
  look(keptSessions());
}

function findInterruption({ place, backend }: Standing, kept: readonly Kept[]): Interruption | undefined {
  const left = answer && kept.find(({ state }) => state === answer?.state);
  if (left ? left.pending.place === place : answer && `${answer.iss}/` === backend.href) {
    const taken = { id: left?.minted.id, answer };
    answer = undefined;
    return taken;
  }
  const id = kept.find(({ pending }) => pending.place === place)?.minted.id;
  return id ? { id, answer: undefined } : undefined;
}

const NONE: readonly Kept[] = [];

interface Kept {
  readonly minted: { readonly id: string };
  readonly state?: string;
  readonly pending: { readonly place: string };
}

/** As far as it takes to tell whose they are: the dialog's file reads them properly. */
function keptSessions(): Kept[] {
  return storages()
    .flatMap((storage) => Object.entries(storage))
    .filter(([key]) => key.startsWith(STORAGE_PREFIX))
    .flatMap(([, value]) => readKept(value as string));
}

/** Where sessions are remembered: what is of this tab alone comes first. None where the browser blocks them. */
export function storages(): Storage[] {
  try {
    return [sessionStorage, localStorage];
  } catch {
    return [];
  }
}

/** One that somebody else has written, or another version, must not hide the others. */
function readKept(text: string): Kept[] {
  try {
    const kept = JSON.parse(text) as Kept;
    return kept?.pending && kept.minted ? [kept] : [];
  } catch {
    return [];
  }
}
