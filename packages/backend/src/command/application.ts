import { describeLogo } from '../accounts/logo.ts';
import { type Applications, createApplications } from '../accounts/applications.ts';
import { type ApplicationJson, applicationJson } from '../endpoints/admin/application-json.ts';
import { CalendarConnectError } from '../errors.ts';
import type { Application } from '../storage/questions/applications.ts';
import { type ApplicationFlags, featuresOf, isEmpty, updateOf } from './application-flags.ts';
import { applicationProviderClient } from './application-provider-client.ts';
import { CALENDAR_PROVIDERS, CONFERENCING_SERVICES } from './known-services.ts';
import type { Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';
import { withBackend } from './with-backend.ts';

/** `calendar-connect application create|list|show|set|provider-client`. Works before the first `serve`, and while one runs. */
export async function application(settings: Settings, words: readonly string[], flags: ApplicationFlags): Promise<string> {
  return withBackend(settings, async (backend, notes) => {
    for (const note of notes) process.stderr.write(`${note}\n`);
    const known = { providers: CALENDAR_PROVIDERS, conferencing: CONFERENCING_SERVICES };
    return run(createApplications({ ...backend, ...known, actor: { through: 'command' } }), words, flags);
  });
}

async function run(applications: Applications, words: readonly string[], flags: ApplicationFlags): Promise<string> {
  const [action, clientId] = words;
  switch (action) {
    case 'create':
      return create(applications, flags);
    case 'list':
      return list(await applications.list(), flags);
    case 'show':
      return show(applications, clientId, flags);
    case 'set':
      return set(applications, clientId, flags);
    case 'provider-client':
      return applicationProviderClient(applications, words.slice(1), flags);
    default:
      throw new UsageError(`application: expected create, list, show, set or provider-client, received ${action ?? 'nothing'}`);
  }
}

async function create(applications: Applications, flags: ApplicationFlags): Promise<string> {
  if (flags.name === undefined) throw new UsageError('application create: --name is missing');
  const redirectUris = [...(flags['redirect-uri'] ?? []), ...(flags['add-redirect-uri'] ?? [])];
  const origins = [...(flags.origin ?? []), ...(flags['add-origin'] ?? [])];
  if (redirectUris.length + origins.length === 0) {
    throw new UsageError('application create: give --origin for pages that hold the element, --redirect-uri for /oauth/authorize, or both');
  }
  const created = await applications.create({ ...featuresOf(flags), name: flags.name, redirectUris, origins });
  const withSecret = { ...(await toShow(applications, created.application)), client_secret: created.clientSecret };
  if (flags.json) return JSON.stringify(withSecret);
  return `${lines(withSecret)}\n\nThe client secret is shown this once. Keep it on your server.`;
}

function list(applications: readonly Application[], flags: ApplicationFlags): string {
  if (flags.json) return JSON.stringify(applications.map((each) => applicationJson(each)));
  if (applications.length === 0) return 'No application is registered yet. Register one with: calendar-connect application create --help';
  return applications.map((each) => `${each.id}  ${each.name}`).join('\n');
}

async function show(applications: Applications, clientId: string | undefined, flags: ApplicationFlags): Promise<string> {
  if (clientId === undefined) throw new UsageError('application show: expected a client id');
  const found = await applications.find(clientId);
  if (found === undefined) throw new CalendarConnectError('application_not_found', `No application has the client id ${clientId}.`);
  return shown(applications, found, flags);
}

async function set(applications: Applications, clientId: string | undefined, flags: ApplicationFlags): Promise<string> {
  if (clientId === undefined) throw new UsageError('application set: expected a client id');
  const update = await updateOf(flags);
  if (isEmpty(update)) {
    throw new UsageError(
      'application set: expected what to set, such as --access-mode MODE, --accent-color #RRGGBB or --notification-url URL',
    );
  }
  try {
    return await shown(applications, await applications.update(clientId, update), flags);
  } catch (error) {
    if (!(error instanceof CalendarConnectError) || error.code !== 'client_secret_needed') throw error;
    const call = `calendar-connect application set ${clientId} --notification-url URL --client-secret-stdin < FILE`;
    throw new CalendarConnectError(error.code, `${error.message}. Put the secret into a file and run: ${call}`, { cause: error });
  }
}

async function shown(applications: Applications, application: Application, flags: ApplicationFlags): Promise<string> {
  const json = await toShow(applications, application);
  return flags.json ? JSON.stringify(json) : lines(json);
}

/** Of the logo it is said what it is: its bytes would fill the screen. */
async function toShow(applications: Applications, application: Application): Promise<ApplicationJson> {
  const logo = await applications.logo(application.id);
  return applicationJson(application, logo === undefined ? undefined : describeLogo(logo));
}

function lines({ branding, invitations, ...flat }: ApplicationJson & { readonly client_secret?: string }): string {
  const { mails_approvals, created_at, client_secret, ...first } = flat;
  const rest = { mails_approvals, created_at, ...(client_secret === undefined ? {} : { client_secret }) };
  return Object.entries({ ...first, ...branding, ...invitations, ...rest })
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? listed(name, value) : String(value)}`)
    .join('\n');
}

function listed(name: string, values: readonly string[]): string {
  return name === 'providers' && values.length === 0 ? 'all' : values.join(' ');
}
