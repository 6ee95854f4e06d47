import type { FreeBusyStatus, ParticipationStatus, Sensitivity, ShowAs } from '../calendar-reader.ts';

/** [LegacyFreeBusyStatus](https://learn.microsoft.com/exchange/client-developer/web-service-reference/legacyfreebusystatus). What is not listed, `NoData` too, is unknown. */
export const SHOW_AS_OF: ReadonlyMap<string, ShowAs> = new Map([
  ['Free', 'free'],
  ['Tentative', 'tentative'],
  ['Busy', 'busy'],
  ['OOF', 'out_of_office'],
  ['WorkingElsewhere', 'working_elsewhere'],
]);

/** What of it tells whether somebody is free. Working elsewhere only says where. */
export const FREE_BUSY_OF: ReadonlyMap<string, FreeBusyStatus> = new Map([
  ['Free', 'free'],
  ['WorkingElsewhere', 'free'],
  ['Tentative', 'tentative'],
  ['Busy', 'busy'],
  ['OOF', 'busy'],
]);

/** The same the other way round, for events of ours. */
export const EWS_SHOW_AS: Readonly<Record<Exclude<ShowAs, 'unknown'>, string>> = {
  free: 'Free',
  tentative: 'Tentative',
  busy: 'Busy',
  out_of_office: 'OOF',
  working_elsewhere: 'WorkingElsewhere',
};

/** [ResponseType](https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsetype) of guests; `Unknown` is who was not heard of. */
export const PARTICIPATION_OF: ReadonlyMap<string, ParticipationStatus> = new Map([
  ['Organizer', 'accepted'],
  ['Accept', 'accepted'],
  ['Tentative', 'tentative'],
  ['Decline', 'declined'],
  ['NoResponseReceived', 'needs_action'],
  ['Unknown', 'needs_action'],
]);

/** [Sensitivity](https://learn.microsoft.com/exchange/client-developer/web-service-reference/sensitivity). One we do not know is taken for the strictest. */
export function parseSensitivity(word = 'Normal'): Sensitivity {
  const found = Object.entries(EWS_SENSITIVITIES).find(([, written]) => written === word);
  return (found?.[0] as Sensitivity | undefined) ?? 'confidential'; // its keys are all of them
}

/** The same the other way round, for events of ours. */
export const EWS_SENSITIVITIES: Readonly<Record<Sensitivity, string>> = {
  normal: 'Normal',
  personal: 'Personal',
  private: 'Private',
  confidential: 'Confidential',
};
