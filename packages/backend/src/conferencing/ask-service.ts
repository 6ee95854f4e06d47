import { askWithCredential, type AskingDeps, type Call, type NobodyToAsk, type ProfileToAsk } from '../accounts/ask-with-credential.ts';
import type { Backend } from '../backend.ts';
import type { Meetings } from '../providers/meetings.ts';

/** What acting for a conferencing profile needs. */
export type ServiceDeps = AskingDeps & Pick<Backend, 'conferencing'>;

/** Asks a profile's service: see {@link askWithCredential}. */
export async function askService<T extends { readonly outcome: string }>(
  deps: ServiceDeps,
  profile: ProfileToAsk,
  call: Call<Meetings, T>,
): Promise<Exclude<T, { outcome: 'unauthorized' }> | NobodyToAsk> {
  return askWithCredential(deps, { ...profile, byId: deps.conferencing, partOf: (service) => service.meetings() }, call);
}
