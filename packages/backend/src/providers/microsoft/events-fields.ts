import type { FreeBusyStatus, ParticipationStatus, Sensitivity, ShowAs } from '../calendar-reader.ts';

/** [freeBusyStatus](https://learn.microsoft.com/graph/api/resources/event#properties), which getSchedule names in the same words. What is not listed is unknown. */
export const SHOW_AS_OF: ReadonlyMap<string, ShowAs> = new Map([
  ['free', 'free'],
  ['tentative', 'tentative'],
  ['busy', 'busy'],
  ['oof', 'out_of_office'],
  ['workingElsewhere', 'working_elsewhere'],
]);

/** What of it tells whether somebody is free. Working elsewhere only says where. */
export const FREE_BUSY_OF: ReadonlyMap<string, FreeBusyStatus> = new Map([
  ['free', 'free'],
  ['workingElsewhere', 'free'],
  ['tentative', 'tentative'],
  ['busy', 'busy'],
  ['oof', 'busy'],
]);

/** [responseType](https://learn.microsoft.com/graph/api/resources/responsestatus). What is not listed is unknown. */
export const PARTICIPATION_OF: ReadonlyMap<string, ParticipationStatus> = new Map([
  ['organizer', 'accepted'],
  ['accepted', 'accepted'],
  ['tentativelyAccepted', 'tentative'],
  ['declined', 'declined'],
  ['notResponded', 'needs_action'],
  ['none', 'needs_action'],
]);

/** Microsoft's words are ours. One we do not know is taken for the strictest. */
export function parseSensitivity(word: string | undefined): Sensitivity {
  return SENSITIVITIES.find((known) => known === (word ?? 'normal')) ?? 'confidential';
}

const SENSITIVITIES: readonly Sensitivity[] = ['normal', 'personal', 'private', 'confidential'];

/** The same the other way round, for events of ours. */
export const GRAPH_SHOW_AS: Readonly<Record<Exclude<ShowAs, 'unknown'>, string>> = {
  free: 'free',
  tentative: 'tentative',
  busy: 'busy',
  out_of_office: 'oof',
  working_elsewhere: 'workingElsewhere',
};
