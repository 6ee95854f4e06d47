import type { QueryCreator } from 'kysely';
import { findDataKey } from './data-key-row.ts';
import type { Engine } from './engine.ts';
import type { Question } from './question.ts';
import * as addressChecks from './questions/address-checks.ts';
import * as adminApprovals from './questions/admin-approvals.ts';
import * as adminDecisions from './questions/admin-decisions.ts';
import * as applications from './questions/applications.ts';
import * as audit from './questions/audit.ts';
import * as authorizedAccount from './questions/authorized-account.ts';
import * as codes from './questions/codes.ts';
import * as conferencing from './questions/conferencing.ts';
import * as connections from './questions/connections.ts';
import * as domainServers from './questions/domain-servers.ts';
import * as facts from './questions/facts.ts';
import * as giveBack from './questions/give-back.ts';
import * as mail from './questions/mail.ts';
import * as managedEvents from './questions/managed-events.ts';
import * as notifications from './questions/notifications.ts';
import * as passwordSignIns from './questions/password-sign-ins.ts';
import * as profiles from './questions/profiles.ts';
import * as providerClients from './questions/provider-clients.ts';
import * as refreshLease from './questions/refresh-lease.ts';
import * as sessions from './questions/sessions.ts';
import * as tokens from './questions/tokens.ts';
import * as trips from './questions/trips.ts';
import * as work from './questions/work.ts';
import type { Schema } from './schema.ts';

/** Every question that can be put to storage. Each is one whole transaction; what one of them says is true when it answers. */
type Questions = typeof addressChecks &
  typeof adminApprovals &
  typeof adminDecisions &
  typeof applications &
  typeof audit &
  typeof authorizedAccount &
  typeof codes &
  typeof conferencing &
  typeof connections &
  typeof domainServers &
  typeof facts &
  typeof giveBack &
  typeof mail &
  typeof managedEvents &
  typeof notifications &
  typeof passwordSignIns &
  typeof profiles &
  typeof providerClients &
  typeof refreshLease &
  typeof sessions &
  typeof tokens &
  typeof trips &
  typeof work & { findDataKey: typeof findDataKey };

const questions: Questions = {
  ...addressChecks,
  ...adminApprovals,
  ...adminDecisions,
  ...applications,
  ...audit,
  ...authorizedAccount,
  ...codes,
  ...conferencing,
  ...connections,
  ...domainServers,
  ...facts,
  ...giveBack,
  ...mail,
  ...managedEvents,
  ...notifications,
  ...passwordSignIns,
  ...profiles,
  ...providerClients,
  ...refreshLease,
  ...sessions,
  ...tokens,
  ...trips,
  ...work,
  findDataKey,
};

type Asked<Q> = Q extends (db: QueryCreator<Schema>, ...rest: infer Rest) => Question<infer Answer>
  ? (...rest: Rest) => Promise<Answer>
  : never;

/** Storage as the rest of the backend sees it: the questions above, and nothing else. */
export type Store = { readonly [Name in keyof Questions]: Asked<Questions[Name]> } & { close(): Promise<void> };

/** Puts the questions to an engine. */
export function createStore(engine: Engine): Store {
  const asked = Object.entries(questions).map(([name, question]) => [
    name,
    // Each question fits its own name's type in Store; a loop over all of them cannot say so.
    (...rest: never[]) => engine.ask((db) => (question as (db: QueryCreator<Schema>, ...rest: never[]) => Question<unknown>)(db, ...rest)),
  ]);
  return { ...Object.fromEntries(asked), close: () => engine.close() } as Store;
}
