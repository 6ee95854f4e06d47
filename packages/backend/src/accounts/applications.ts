import { ACCESS_MODES, type AccessMode } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import { CalendarConnectError } from '../errors.ts';
import { validateOrigin, validateRedirectUri } from '../oauth/addresses.ts';
import { DEFAULT_SCOPE, parseScope } from '../oauth/scopes.ts';
import type { Application } from '../storage/questions/applications.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { hashSecret, newId, newSecret } from '../vault/secrets.ts';
import { isVisibleText } from '../visible-text.ts';

/** What a new application is made of. */
export interface NewApplication {
  /** Shown to the people who connect a calendar. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Origins of the pages that may hold the element. */
  readonly origins: readonly string[];
  /** Default: `full` and `free_busy`. */
  readonly accessModes?: readonly AccessMode[];
  /** What it gets when it asks for nothing, and the most it may ask for. Default: `free_busy_write`, and no such limit. */
  readonly scope?: string;
}

/** Registers applications and looks them up. */
export interface Applications {
  /** The client secret is given out here and never again: only its hash is kept. @throws CalendarConnectError */
  create(application: NewApplication): Promise<{ application: Application; clientSecret: string }>;
  list(): Promise<readonly Application[]>;
  find(clientId: string): Promise<Application | undefined>;
}

const MAX_NAME_LENGTH = 100;

/** Modes that need no more than a provider. */
const DEFAULT_MODES: readonly AccessMode[] = ['full', 'free_busy'];

/** Makes {@link Applications} of the parts that a backend shares. */
export function createApplications({ store, vault, now }: Pick<Backend, 'store' | 'vault' | 'now'>): Applications {
  return {
    create: async (wanted) => {
      const clientSecret = newSecret();
      const application = draft(wanted, { nowMs: now(), secretHash: hashSecret(clientSecret) });
      await store.insertApplication(application, vault.createDataKey(application.id));
      return { application, clientSecret };
    },
    list: () => store.listApplications(),
    find: (clientId) => store.findApplication(clientId),
  };
}

function draft(wanted: NewApplication, made: { nowMs: number; secretHash: string }): Application {
  const scope = parseScope(wanted.scope ?? DEFAULT_SCOPE);
  if (scope === undefined) throw new CalendarConnectError('scope_invalid', 'scope: expected space-separated scopes of the partner API');
  return {
    id: newId(ID_PREFIX.application, made.nowMs),
    name: validName(wanted.name),
    secretHash: made.secretHash,
    redirectUris: [...new Set(wanted.redirectUris.map(validateRedirectUri))],
    origins: [...new Set(wanted.origins.map(validateOrigin))],
    accessModes: ACCESS_MODES.filter((mode) => (wanted.accessModes ?? DEFAULT_MODES).includes(mode)),
    scope,
    createdAtMs: made.nowMs,
  };
}

function validName(name: string): string {
  const trimmed = name.trim();
  if (isVisibleText(trimmed, MAX_NAME_LENGTH)) return trimmed;
  throw new CalendarConnectError('name_invalid', `name: expected 1 to ${MAX_NAME_LENGTH} visible characters, received ${trimmed.length}`);
}
