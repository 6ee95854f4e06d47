import { type Applications, createApplications } from '../accounts/applications.ts';
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
  readonly json?: boolean;
}

/** `calendar-connect application create|list|show`. Works before the first `serve`, and while one runs. */
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
    default:
      throw new UsageError(`application: expected create, list or show, received ${action ?? 'nothing'}`);
  }
}

async function create(applications: Applications, flags: ApplicationFlags): Promise<string> {
  if (flags.name === undefined) throw new UsageError('application create: --name is missing');
  const redirectUris = flags['redirect-uri'] ?? [];
  const origins = flags.origin ?? [];
  if (redirectUris.length + origins.length === 0) {
    throw new UsageError('application create: give --origin for pages that hold the element, --redirect-uri for /oauth/authorize, or both');
  }
  const created = await applications.create({ name: flags.name, redirectUris, origins });
  const shown = { ...toWire(created.application), client_secret: created.clientSecret };
  if (flags.json) return JSON.stringify(shown);
  return `${lines(shown)}\n\nThe client secret is shown this once. Keep it on your server.`;
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
  return flags.json ? JSON.stringify(toWire(found)) : lines(toWire(found));
}

function toWire(application: Application): Record<string, string | readonly string[]> {
  return {
    client_id: application.id,
    name: application.name,
    redirect_uris: application.redirectUris,
    origins: application.origins,
    access_modes: application.accessModes,
    scope: application.scope,
    created_at: new Date(application.createdAtMs).toISOString(),
  };
}

function lines(record: Readonly<Record<string, string | readonly string[]>>): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : value.join(' ')}`)
    .join('\n');
}
