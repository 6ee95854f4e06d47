import { askWithCredential, type AskingDeps, type Call, type NobodyToAsk, type ProfileToAsk } from '../accounts/ask-with-credential.ts';
import type { Backend } from '../backend.ts';
import type { CalendarReader } from '../providers/calendar-reader.ts';

/** What acting for a calendar profile needs. */
export type ActingDeps = AskingDeps & Pick<Backend, 'providers'>;

/** One call to a profile's calendars. */
export type CalendarCall<T> = Call<CalendarReader, T>;

/** Asks a profile's provider: see {@link askWithCredential}. */
export async function askProvider<T extends { readonly outcome: string }>(
  deps: ActingDeps,
  profile: ProfileToAsk,
  call: CalendarCall<T>,
): Promise<Exclude<T, { outcome: 'unauthorized' }> | NobodyToAsk> {
  return askWithCredential(deps, { ...profile, byId: deps.providers, partOf: (provider) => provider.calendar() }, call);
}
