import type { CalendarReader, ProviderEvent } from '../../src/providers/calendar-reader.ts';
import type { Credential, Provider } from '../../src/providers/provider.ts';

/** A provider whose calendars a test looks into and changes, as the person does on the provider's own pages. */
export interface WatchedCalendar {
  readonly provider: Provider;
  /** What stands in a calendar in November 2026 under this title. */
  eventsCalled(calendarId: string, title: string): Promise<readonly ProviderEvent[]>;
  /** The provider's own calls, with the credential that the backend used last. */
  asPerson<T>(call: (reader: CalendarReader, credential: Credential) => Promise<T>): Promise<T>;
  /** What happens right before the backend's next call of this name reaches the provider. */
  before(name: keyof CalendarReader, happens: () => Promise<unknown>): void;
  /** The backend's next call of this name is carried out, and its answer is lost. */
  loseAnswer(name: keyof CalendarReader): void;
}

/** Watches a provider. */
export function watchCalendar(provider: Provider): WatchedCalendar {
  let used: Credential | undefined;
  const happening = new Map<keyof CalendarReader, () => Promise<unknown>>();
  const losing = new Set<keyof CalendarReader>();
  const asPerson: WatchedCalendar['asPerson'] = async (call) => {
    if (used === undefined) throw new Error('the backend has not called the provider yet');
    return call(await provider.calendar(), used);
  };
  const watched =
    (reader: CalendarReader, name: keyof CalendarReader) =>
    async (credential: Credential, request: never): Promise<unknown> => {
      used = credential;
      const happens = happening.get(name);
      happening.delete(name);
      await happens?.();
      const answer = await (reader[name] as (credential: Credential, request: never) => Promise<unknown>)(credential, request);
      return losing.delete(name) ? { outcome: 'unavailable', retryAfterMs: 7000, operatorHint: 'the answer was lost' } : answer;
    };
  const watch = (reader: CalendarReader): CalendarReader => {
    const names = Object.keys(reader) as (keyof CalendarReader)[];
    return Object.fromEntries(names.map((name) => [name, watched(reader, name)])) as unknown as CalendarReader;
  };
  return {
    provider: { ...provider, calendar: async (network) => watch(await provider.calendar(network)) },
    asPerson,
    eventsCalled: async (calendarId, title) => {
      const range = { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 11, 1) };
      const listed = await asPerson((reader, credential) => reader.listEvents(credential, { calendarId, ...range }));
      if (listed.outcome !== 'ok') throw new Error(`the calendar could not be read: ${listed.outcome}`);
      return listed.value.filter((event) => event.title === title && !event.cancelled);
    },
    before: (name, happens) => void happening.set(name, happens),
    loseAnswer: (name) => void losing.add(name),
  };
}
