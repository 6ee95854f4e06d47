import type { AccessMode } from '@calendar-connect/protocol';
import type { Backend } from '../backend.ts';
import { CalendarConnectError } from '../errors.ts';
import { clientSecretPlace } from '../notifications/signature.ts';
import { DEFAULT_SCOPE } from '../oauth/scopes.ts';
import type { AuditEvent } from '../storage/audit-event.ts';
import type { Application, ApplicationChange, DecidedChange } from '../storage/questions/applications.ts';
import { ID_PREFIX } from '../vault/issued-token.ts';
import { equalHash, hashSecret, newId, newSecret } from '../vault/secrets.ts';
import { type ApplicationFeatures, type KnownIds, readFeatures, requireDefaultMode } from './application-features.ts';
import {
  type ApplicationProviderClient,
  listProviderClients,
  type NewProviderClient,
  removeProviderClient,
  setProviderClient,
} from './application-provider-clients.ts';

/** What a new application is made of. */
export interface NewApplication extends ApplicationFeatures {
  /** Shown to the people who connect a calendar. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Origins of the pages that may hold the element. */
  readonly origins: readonly string[];
}

/** What is to change of an application; what is absent stays. A list takes the place of the one before. */
export interface ApplicationUpdate extends ApplicationFeatures {
  readonly name?: string | undefined;
  readonly redirectUris?: readonly string[] | undefined;
  readonly origins?: readonly string[] | undefined;
  /** Beside those that there are, or that `redirectUris` names. */
  readonly addRedirectUris?: readonly string[] | undefined;
  /** Beside those that there are, or that `origins` names. */
  readonly addOrigins?: readonly string[] | undefined;
  /**
   * The secret that the application has, proven against its hash and then kept, sealed, to sign notifications with. Needed once, for an
   * application that was registered when only the hash was kept.
   */
  readonly clientSecret?: string | undefined;
}

/** Registers applications, changes them and looks them up. A change counts at once, in every process. */
export interface Applications {
  /** The client secret is given out here and never again: kept are its hash, and itself only sealed. @throws CalendarConnectError */
  create(application: NewApplication): Promise<{ application: Application; clientSecret: string }>;
  /**
   * Changes what is given, and nothing else, and answers with the application as it is then.
   *
   * @throws CalendarConnectError `application_not_found`, one for each field such as `accent_color_invalid`, `client_secret_wrong`;
   * `client_secret_needed` where the application was registered when only the hash of its secret was kept, so that nothing could be signed
   */
  update(clientId: string, update: ApplicationUpdate): Promise<Application>;
  list(): Promise<readonly Application[]>;
  find(clientId: string): Promise<Application | undefined>;
  /** Its logo, as a `data:` address. */
  logo(clientId: string): Promise<string | undefined>;
  /** Its own OAuth clients at providers, without their secrets. @throws CalendarConnectError `application_not_found` */
  providerClients(clientId: string): Promise<readonly ApplicationProviderClient[]>;
  /**
   * Lets new connections of an application use an OAuth client of its own at a provider, so that the consent screen names it. Connections that
   * were made with another one keep that.
   *
   * @throws CalendarConnectError `application_not_found`, `provider_unknown`, `provider_client_id_invalid`, `provider_client_secret_invalid`
   */
  setProviderClient(clientId: string, client: NewProviderClient): Promise<ApplicationProviderClient>;
  /**
   * Lets new connections use the operator's client again.
   *
   * @throws CalendarConnectError `application_not_found`, `provider_client_not_found`
   */
  removeProviderClient(clientId: string, provider: string): Promise<void>;
}

/** Who changes applications, for the audit trail. */
export interface Actor {
  readonly through: 'command' | 'admin_api';
  /** The network address, where there is one. */
  readonly address?: string | undefined;
}

/** What {@link createApplications} needs. */
export interface ApplicationsDeps extends Pick<Backend, 'store' | 'vault' | 'now'> {
  /** The providers that there are. Default: ids are not checked. */
  readonly providers?: KnownIds;
  /** The conferencing services that there are. */
  readonly conferencing?: KnownIds;
  /** Absent where code changes applications: no audit event is written. */
  readonly actor?: Actor;
}

/** Access modes of an application that says nothing of them: those that need no more than a provider. */
export const DEFAULT_MODES: readonly AccessMode[] = ['full', 'free_busy'];

/** Makes {@link Applications} of the parts that a backend shares. */
export function createApplications(deps: ApplicationsDeps): Applications {
  const { store } = deps;
  return {
    create: (wanted) => create(deps, wanted),
    update: (clientId, wanted) => update(deps, clientId, wanted),
    list: () => store.listApplications(),
    find: (clientId) => store.findApplication(clientId),
    logo: (clientId) => store.findLogo(clientId),
    providerClients: async (clientId) => {
      await existing(deps, clientId);
      return listProviderClients(deps, clientId);
    },
    setProviderClient: async (clientId, client) => {
      await existing(deps, clientId);
      return setProviderClient(deps, {
        clientId,
        client,
        audit: audited(deps, 'provider_client_set', { clientId, what: client.provider }),
      });
    },
    removeProviderClient: async (clientId, provider) => {
      await existing(deps, clientId);
      const audit = audited(deps, 'provider_client_removed', { clientId, what: provider });
      return removeProviderClient(deps, { clientId, provider, audit });
    },
  };
}

async function create(deps: ApplicationsDeps, wanted: NewApplication): Promise<{ application: Application; clientSecret: string }> {
  const { store, vault, now } = deps;
  const clientSecret = newSecret();
  const change = readFeatures(wanted, deps.providers);
  const drafted = draft(change, { wanted, nowMs: now(), secretHash: hashSecret(clientSecret) });
  const dataKey = vault.createDataKey(drafted.id);
  const application = { ...drafted, secretSealed: vault.seal(dataKey, clientSecretPlace(drafted.id), clientSecret) };
  const audit = audited(deps, 'application_created', { clientId: application.id });
  await store.insertApplication({ ...application, logo: change.logo ?? undefined, audit }, dataKey);
  return { application, clientSecret };
}

function draft(
  change: ApplicationChange,
  made: { wanted: NewApplication; nowMs: number; secretHash: string },
): Omit<Application, 'secretSealed'> {
  const accessModes = change.accessModes ?? DEFAULT_MODES;
  requireDefaultMode(change.defaultAccessMode, accessModes);
  return {
    id: newId(ID_PREFIX.application, made.nowMs),
    // Required ones are never absent.
    name: change.name ?? made.wanted.name,
    secretHash: made.secretHash,
    redirectUris: change.redirectUris ?? [],
    origins: change.origins ?? [],
    accessModes,
    scope: change.scope ?? DEFAULT_SCOPE,
    createdAtMs: made.nowMs,
    notificationUrl: change.notificationUrl ?? undefined,
    mailsApprovals: change.mailsApprovals ?? false,
    providers: change.providers ?? [],
    defaultAccessMode: change.defaultAccessMode ?? undefined,
    branding: { accentColor: change.accentColor ?? undefined, privacyUrl: change.privacyUrl ?? undefined },
    invitations: {
      organizerName: change.organizerName ?? undefined,
      organizerEmail: change.organizerEmail ?? undefined,
      replyTo: change.replyTo ?? undefined,
    },
  };
}

async function update(deps: ApplicationsDeps, clientId: string, wanted: ApplicationUpdate): Promise<Application> {
  const { store, vault } = deps;
  const change = readFeatures(wanted, deps.providers);
  const added = readFeatures({ redirectUris: wanted.addRedirectUris, origins: wanted.addOrigins }, undefined);
  await existing(deps, clientId);
  const { clientSecret } = wanted;
  const dataKey = clientSecret === undefined ? undefined : await store.findDataKey(clientId);
  const secretSealed =
    dataKey === undefined || clientSecret === undefined ? undefined : vault.seal(dataKey, clientSecretPlace(clientId), clientSecret);
  const changed = await store.changeApplication(clientId, (current) => {
    requireSecret(current, change, clientSecret);
    requireDefaultMode(
      change.defaultAccessMode === undefined ? current.defaultAccessMode : change.defaultAccessMode,
      change.accessModes ?? current.accessModes,
    );
    return decided(deps, clientId, {
      ...change,
      redirectUris: joined(change.redirectUris, added.redirectUris, current.redirectUris),
      origins: joined(change.origins, added.origins, current.origins),
      secretSealed,
    });
  });
  return found(clientId, changed);
}

function decided(deps: ApplicationsDeps, clientId: string, change: ApplicationChange): DecidedChange {
  const names = Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return {
    change,
    audit: names.length === 0 ? undefined : audited(deps, 'application_changed', { clientId, what: names.join(', ') }),
  };
}

function requireSecret(current: Application, change: ApplicationChange, clientSecret: string | undefined): void {
  if (clientSecret !== undefined && !equalHash(hashSecret(clientSecret), current.secretHash)) {
    throw new CalendarConnectError('client_secret_wrong', `clientSecret: expected the client secret of ${current.id}, received another`);
  }
  if (typeof change.notificationUrl === 'string' && clientSecret === undefined && current.secretSealed === undefined) {
    throw new CalendarConnectError(
      'client_secret_needed',
      `clientSecret: expected the client secret of ${current.id}, once: notifications are signed with it, and only its hash was kept when ` +
        'the application was registered',
    );
  }
}

type List = readonly string[];

/** A list that takes the place of the current one, what is added to it, or both; `undefined` where neither is given. */
function joined(instead: List | undefined, added: List | undefined, current: List): List | undefined {
  return added === undefined ? instead : [...new Set([...(instead ?? current), ...added])];
}

async function existing({ store }: ApplicationsDeps, clientId: string): Promise<void> {
  found(clientId, await store.findApplication(clientId));
}

function found(clientId: string, application: Application | undefined): Application {
  if (application !== undefined) return application;
  throw new CalendarConnectError('application_not_found', `No application has the client id ${clientId}.`);
}

function audited(
  { actor, now }: ApplicationsDeps,
  event: AuditEvent['event'],
  { clientId, what }: { clientId: string; what?: string },
): AuditEvent | undefined {
  if (actor === undefined) return undefined;
  const who = actor.address === undefined ? actor.through : `${actor.through} ${actor.address}`;
  const detail = what === undefined ? who : `${who}: ${what}`;
  return { id: newId(ID_PREFIX.auditEvent, now()), event, applicationId: clientId, detail };
}
