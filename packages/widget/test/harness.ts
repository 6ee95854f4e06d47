import { fixture, html } from '@open-wc/testing';
import '../src/calendar-connect.define.ts';
import type { CalendarConnect } from '../src/calendar-connect.ts';

/** The fake backend under its own site: the page is on `localhost`. */
export const BACKEND = `http://127.0.0.1:${location.port}/connect-here/`;

/** What a test tells the fake backend about its application. */
export interface FakeApplication {
  readonly providers?: readonly string[];
  readonly access_modes?: readonly string[];
  readonly [more: string]: unknown;
}

async function control<T>(path: string, body?: object): Promise<T> {
  const response = await fetch(`/fake/${path}`, body ? { method: 'POST', body: JSON.stringify(body) } : {});
  return (await response.json()) as T;
}

let count = 0;

/** Registers an application of this test alone. */
export async function application(settings: FakeApplication = {}): Promise<string> {
  const client_id = `app_${Date.now()}_${(count += 1)}`;
  await control('application', { client_id, ...settings });
  return client_id;
}

/** A session as the fake backend keeps it. */
export interface FakeSession {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly secret: string;
  readonly starts?: number;
  readonly retry_of?: string;
  readonly provider?: string;
  readonly access_mode?: string;
  readonly started_from?: string;
  readonly asked?: Record<string, unknown>;
  readonly end_user?: { name: string };
  readonly proof?: Record<string, unknown>;
  /** How often the page has answered. */
  readonly proofs?: number;
  readonly redeemed?: boolean;
}

export const fake = {
  sessions: (clientId: string): Promise<FakeSession[]> => control(`sessions?client_id=${clientId}`),
  requests: (clientId: string): Promise<{ method: string; path: string }[]> => control(`requests?client_id=${clientId}`),
  change: (id: string, update: object): Promise<unknown> => control('change', { id, ...update }),
  fault: (clientId: string, update: object): Promise<unknown> => control('fault', { client_id: clientId, ...update }),
  partnerSession: (clientId: string, name?: string, more: object = {}): Promise<{ id: string; session: string }> =>
    control('partner-session', { client_id: clientId, ...(name ? { end_user: { name } } : {}), ...more }),
};

/** Puts an element into the page. */
export function place(clientId: string, attributes: Record<string, string> = {}): Promise<CalendarConnect> {
  return placeIn(document.createElement('calendar-connect'), { 'client-id': clientId, backend: BACKEND, ...attributes });
}

async function placeIn(element: CalendarConnect, attributes: Record<string, string>): Promise<CalendarConnect> {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  await fixture(html`${element}`);
  await element.updateComplete;
  return element;
}

/** Waits until something is so. */
export async function until<T>(look: () => T | Promise<T>, what = look.toString()): Promise<NonNullable<T> & Exclude<T, false>> {
  for (let turn = 0; turn < 160; turn += 1) {
    const seen = await look();
    if (seen) return seen as NonNullable<T> & Exclude<T, false>;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Waited in vain for ${what}`);
}

/** The one control with this accessible name, as a person finds it. */
export function find(element: CalendarConnect, role: 'button' | 'radio', name: string): HTMLElement | undefined {
  const root = element.shadowRoot!;
  const candidates = [...root.querySelectorAll<HTMLElement>(role === 'radio' ? 'input[type=radio]' : 'button')];
  return candidates.find((candidate) => nameOf(root, candidate) === name);
}

function nameOf(root: ShadowRoot, candidate: HTMLElement): string {
  const labelled = candidate.getAttribute('aria-labelledby');
  return ((labelled ? root.getElementById(labelled) : candidate)?.textContent ?? '').trim().replace(/\s+/g, ' ');
}

/** Clicks the control with this name as soon as it is there. */
export async function click(element: CalendarConnect, role: 'button' | 'radio', name: string): Promise<void> {
  (await until(() => find(element, role, name), `${role} ${name}`)).click();
  await element.updateComplete;
}

/** Opens the dialog and waits for its session. */
export async function openDialog(element: CalendarConnect): Promise<HTMLDialogElement> {
  await click(element, 'button', 'Connect your calendar');
  await until(() => element.shadowRoot!.querySelector('[part=primary]:not([aria-disabled])'), 'the session');
  return element.shadowRoot!.querySelector('dialog')!;
}

/** Chooses a provider and an access mode, and continues: the window opens. */
export async function connect(element: CalendarConnect, mode = 'Full access', provider = 'Google'): Promise<void> {
  await openDialog(element);
  await click(element, 'radio', provider);
  await click(element, 'radio', mode);
  await click(element, 'button', 'Continue');
}

/** A visible piece, by its part. */
export function shown(element: CalendarConnect, part: string): HTMLElement | null {
  return element.shadowRoot!.querySelector<HTMLElement>(`[part=${part}]`);
}

/** The application's session that a window was opened for, as soon as there is one. */
export function atProvider(clientId: string): Promise<FakeSession> {
  return until(async () => (await fake.sessions(clientId)).find(({ state }) => state === 'at_provider'), 'a session at the provider');
}

/** Collects an event's occurrences. */
export function collect<K extends keyof GlobalEventHandlersEventMap>(element: EventTarget, name: K): GlobalEventHandlersEventMap[K][] {
  const seen: GlobalEventHandlersEventMap[K][] = [];
  element.addEventListener(name, (event) => seen.push(event as GlobalEventHandlersEventMap[K]));
  return seen;
}

/** All windows that the element opens in a test, so that they can be looked at and closed. */
export interface Windows {
  readonly opened: Window[];
  /** What a popup blocker does. */
  readonly block: (blocked: boolean) => void;
  readonly restore: () => void;
}

/** Watches them. */
export function watchWindows(): Windows {
  const real = window.open;
  const opened: Window[] = [];
  let blocked = false;
  window.open = (...args) => {
    const popup = blocked ? null : real.apply(window, args);
    if (popup) opened.push(popup);
    return popup;
  };
  return {
    opened,
    block: (value) => (blocked = value),
    restore: () => {
      window.open = real;
      for (const popup of opened) popup.close();
    },
  };
}
