import { ACCESS_MODES, type AccessMode } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import { CalendarConnectError } from '../errors.ts';
import { clientSecretPlace } from '../notifications/signature.ts';
import { validateNotificationUrl, validateOrigin, validateRedirectUri } from '../oauth/addresses.ts';
import { DEFAULT_SCOPE, parseScope } from '../oauth/scopes.ts';
import type { Application } from '../storage/questions/applications.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { equalHash, hashSecret, newId, newSecret } from '../vault/secrets.ts';
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
  /** Where the partner's server is told of what happens: https, on this computer also http. Default: nowhere. */
  readonly notificationUrl?: string;
  /** Whether people who waited for an administrator get a mail when they can go on, where the backend can send any. Default: `false`. */
  readonly mailsApprovals?: boolean;
}

/** What is to change of an application; what is absent stays. */
export interface ApplicationUpdate {
  /** `null`: the partner's server is told nothing any longer. */
  readonly notificationUrl?: string | null;
  /**
   * The secret that the application has, proven against its hash and then kept, sealed, to sign notifications with. Needed once, for an
   * application that was registered when only the hash was kept.
   */
  readonly clientSecret?: string;
  /** See {@link NewApplication.mailsApprovals}. */
  readonly mailsApprovals?: boolean;
}

/** Registers applications and looks them up. */
export interface Applications {
  /** The client secret is given out here and never again: kept are its hash, and itself only sealed. @throws CalendarConnectError */
  create(application: NewApplication): Promise<{ application: Application; clientSecret: string }>;
  /**
   * Changes what is given and answers with the application as it is then.
   *
   * @throws CalendarConnectError `application_not_found`, `notification_url_invalid`, `client_secret_wrong`; `client_secret_needed` where
   * the application was registered when only the hash of its secret was kept, so that nothing could be signed
   */
  update(clientId: string, update: ApplicationUpdate): Promise<Application>;
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
      const drafted = draft(wanted, { nowMs: now(), secretHash: hashSecret(clientSecret) });
      const dataKey = vault.createDataKey(drafted.id);
      const application = { ...drafted, secretSealed: vault.seal(dataKey, clientSecretPlace(drafted.id), clientSecret) };
      await store.insertApplication(application, dataKey);
      return { application, clientSecret };
    },
    update: (clientId, wanted) => update({ store, vault }, clientId, wanted),
    list: () => store.listApplications(),
    find: (clientId) => store.findApplication(clientId),
  };
}

async function update(
  { store, vault }: Pick<Backend, 'store' | 'vault'>,
  clientId: string,
  { notificationUrl, clientSecret, mailsApprovals }: ApplicationUpdate,
): Promise<Application> {
  const address = typeof notificationUrl === 'string' ? validateNotificationUrl(notificationUrl) : notificationUrl;
  const application = found(clientId, await store.findApplication(clientId));
  if (clientSecret !== undefined && !equalHash(hashSecret(clientSecret), application.secretHash)) {
    throw new CalendarConnectError('client_secret_wrong', `clientSecret: expected the client secret of ${clientId}, received another`);
  }
  if (typeof address === 'string' && clientSecret === undefined && application.secretSealed === undefined) {
    throw new CalendarConnectError(
      'client_secret_needed',
      `clientSecret: expected the client secret of ${clientId}, once: notifications are signed with it, and only its hash was kept when ` +
        'the application was registered',
    );
  }
  const sealed =
    clientSecret === undefined
      ? {}
      : { secretSealed: vault.seal(await store.findDataKey(clientId), clientSecretPlace(clientId), clientSecret) };
  const changed = await store.updateApplication(clientId, {
    ...sealed,
    ...(address === undefined ? {} : { notificationUrl: address }),
    ...(mailsApprovals === undefined ? {} : { mailsApprovals }),
  });
  return found(clientId, changed);
}

function found(clientId: string, application: Application | undefined): Application {
  if (application !== undefined) return application;
  throw new CalendarConnectError('application_not_found', `No application has the client id ${clientId}.`);
}

function draft(wanted: NewApplication, made: { nowMs: number; secretHash: string }): Omit<Application, 'secretSealed'> {
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
    notificationUrl: wanted.notificationUrl === undefined ? undefined : validateNotificationUrl(wanted.notificationUrl),
    mailsApprovals: wanted.mailsApprovals ?? false,
  };
}

function validName(name: string): string {
  const trimmed = name.trim();
  if (isVisibleText(trimmed, MAX_NAME_LENGTH)) return trimmed;
  throw new CalendarConnectError('name_invalid', `name: expected 1 to ${MAX_NAME_LENGTH} visible characters, received ${trimmed.length}`);
}
