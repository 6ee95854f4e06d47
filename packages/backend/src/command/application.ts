import { text } from 'node:stream/consumers';
import { type Applications, type ApplicationUpdate, createApplications } from '../accounts/applications.ts';
import { CalendarConnectError } from '../errors.ts';
import { openBackend } from '../open-backend.ts';
import type { Application } from '../storage/questions/applications.ts';
import { openHome } from './home.ts';
import type { Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';

/** The flags of `application`. */
export interface ApplicationFlags {
  readonly name?: string;
  readonly 'redirect-uri'?: readonly string[];
  readonly origin?: readonly string[];
  readonly 'notification-url'?: string;
  readonly 'no-notification-url'?: boolean;
  readonly 'client-secret-stdin'?: boolean;
  readonly 'mails-approvals'?: boolean;
  readonly 'no-mails-approvals'?: boolean;
  readonly json?: boolean;
}

/** `calendar-connect application create|list|show|set`. Works before the first `serve`, and while one runs. */
export async function application(settings: Settings, words: readonly string[], flags: ApplicationFlags): Promise<string> {
  const home = openHome(settings);
  // No provider is needed to register an application, and no address: this backend answers nobody.
  const backend = await openBackend({
    publicUrl: 'http://localhost',
    database: home.database,
    keys: home.keys,
    providers: [],
  }).catch(async (error: unknown) => {
    await home.database.close();
    throw error;
  });
  try {
    for (const note of home.notes) process.stderr.write(`${note}\n`);
    return await run(createApplications(backend), words, flags);
  } finally {
    await backend.store.close();
  }
}

async function run(applications: Applications, [action, clientId]: readonly string[], flags: ApplicationFlags): Promise<string> {
  switch (action) {
    case 'create':
      return create(applications, flags);
    case 'list':
      return list(await applications.list(), flags);
    case 'show':
      return show(applications, clientId, flags);
    case 'set':
      return set(applications, clientId, flags);
    default:
      throw new UsageError(`application: expected create, list, show or set, received ${action ?? 'nothing'}`);
  }
}

async function create(applications: Applications, flags: ApplicationFlags): Promise<string> {
  if (flags.name === undefined) throw new UsageError('application create: --name is missing');
  const redirectUris = flags['redirect-uri'] ?? [];
  const origins = flags.origin ?? [];
  if (redirectUris.length + origins.length === 0) {
    throw new UsageError('application create: give --origin for pages that hold the element, --redirect-uri for /oauth/authorize, or both');
  }
  const notificationUrl = flags['notification-url'];
  const created = await applications.create({
    name: flags.name,
    redirectUris,
    origins,
    ...(notificationUrl === undefined ? {} : { notificationUrl }),
    ...mailsApprovalsOf(flags),
  });
  const withSecret = { ...toWire(created.application), client_secret: created.clientSecret };
  if (flags.json) return JSON.stringify(withSecret);
  return `${lines(withSecret)}\n\nThe client secret is shown this once. Keep it on your server.`;
}

function list(applications: readonly Application[], flags: ApplicationFlags): string {
  if (flags.json) return JSON.stringify(applications.map(toWire));
  if (applications.length === 0) return 'No application is registered yet. Register one with: calendar-connect application create --help';
  return applications.map((each) => `${each.id}  ${each.name}`).join('\n');
}

async function show(applications: Applications, clientId: string | undefined, flags: ApplicationFlags): Promise<string> {
  if (clientId === undefined) throw new UsageError('application show: expected a client id');
  const found = await applications.find(clientId);
  if (found === undefined) throw new CalendarConnectError('application_not_found', `No application has the client id ${clientId}.`);
  return shown(found, flags);
}

async function set(applications: Applications, clientId: string | undefined, flags: ApplicationFlags): Promise<string> {
  if (clientId === undefined) throw new UsageError('application set: expected a client id');
  const update = await updateOf(flags);
  if (Object.keys(update).length === 0) {
    throw new UsageError(
      'application set: expected what to set: --notification-url URL, --no-notification-url, --client-secret-stdin, --mails-approvals or ' +
        '--no-mails-approvals',
    );
  }
  try {
    return shown(await applications.update(clientId, update), flags);
  } catch (error) {
    if (!(error instanceof CalendarConnectError) || error.code !== 'client_secret_needed') throw error;
    // Not as a flag: others on this computer can read those, and shells keep them.
    const call = `calendar-connect application set ${clientId} --notification-url URL --client-secret-stdin < FILE`;
    throw new CalendarConnectError(error.code, `${error.message}. Put the secret into a file and run: ${call}`, { cause: error });
  }
}

async function updateOf(flags: ApplicationFlags): Promise<ApplicationUpdate> {
  const notificationUrl = flags['notification-url'];
  if (notificationUrl !== undefined && flags['no-notification-url']) {
    throw new UsageError('application set: expected --notification-url or --no-notification-url, received both');
  }
  return {
    ...(notificationUrl === undefined ? {} : { notificationUrl }),
    ...(flags['no-notification-url'] ? { notificationUrl: null } : {}),
    ...(flags['client-secret-stdin'] ? { clientSecret: (await text(process.stdin)).trim() } : {}),
    ...mailsApprovalsOf(flags),
  };
}

function mailsApprovalsOf(flags: ApplicationFlags): { readonly mailsApprovals?: boolean } {
  if (flags['mails-approvals'] && flags['no-mails-approvals']) {
    throw new UsageError('application: expected --mails-approvals or --no-mails-approvals, received both');
  }
  return flags['mails-approvals'] ? { mailsApprovals: true } : flags['no-mails-approvals'] ? { mailsApprovals: false } : {};
}

function shown(application: Application, flags: ApplicationFlags): string {
  return flags.json ? JSON.stringify(toWire(application)) : lines(toWire(application));
}

function toWire(application: Application): Record<string, string | boolean | readonly string[]> {
  return {
    client_id: application.id,
    name: application.name,
    redirect_uris: application.redirectUris,
    origins: application.origins,
    access_modes: application.accessModes,
    scope: application.scope,
    ...(application.notificationUrl === undefined ? {} : { notification_url: application.notificationUrl }),
    mails_approvals: application.mailsApprovals,
    created_at: new Date(application.createdAtMs).toISOString(),
  };
}

function lines(record: Readonly<Record<string, string | boolean | readonly string[]>>): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? value.join(' ') : value}`)
    .join('\n');
}
