import type { PartnerClient } from '../seed/partner-client.ts';
import type { SeedCounts, Seeded } from '../seed/seeded.ts';

/** What is asked of a candidate, again and again. */
export const OPERATIONS = ['exchange', 'refresh', 'userinfo', 'form'] as const;

/** One of {@link OPERATIONS}: a code, a refresh token, an access token, or a form that nothing is kept of. */
export type Operation = (typeof OPERATIONS)[number];

/** A candidate whose server runs. */
export interface Running {
  readonly port: number;
  readonly pid: number;
  readonly client: PartnerClient;
  /** Makes codes and tokens through the candidate's own store, while nothing is measured. */
  seed(counts: SeedCounts): Promise<Seeded>;
  stop(): Promise<void>;
}

/** Something whose speed is compared. */
export interface Candidate {
  readonly name: string;
  readonly operations: readonly Operation[];
  readonly paths: Readonly<Partial<Record<Operation, string>>>;
  start(): Promise<Running>;
}

/** Where an operation of a candidate is asked for. @throws Error where it has none */
export function pathOf({ name, paths }: Candidate, operation: Operation): string {
  const path = paths[operation];
  if (path === undefined) throw new Error(`${name} cannot do ${operation}`);
  return path;
}
