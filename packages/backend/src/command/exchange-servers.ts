import type { Store } from '../storage/store.ts';
import type { DomainServer, NamedServer } from '../storage/questions/domain-servers.ts';
import { CalendarConnectError } from '../errors.ts';
import { parseServerAddress } from '../providers/exchange/log-in/server-address.ts';
import type { Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';
import { withBackend } from './with-backend.ts';

/** The flags of `exchange`, as they were given. */
export interface ExchangeFlags {
  readonly 'user-domain'?: string;
  readonly json?: boolean;
}

const PROVIDER = 'exchange';
const ACTIONS = ['list', 'add', 'allow', 'remove'] as const;
type Action = (typeof ACTIONS)[number];

/** `calendar-connect exchange servers list|add|allow|remove`. Works while a backend runs. */
export async function exchangeServers(settings: Settings, words: readonly string[], flags: ExchangeFlags): Promise<string> {
  const [what, action, ...rest] = words;
  const known = ACTIONS.find((each) => each === action);
  if (what !== 'servers' || known === undefined) {
    throw new UsageError(`exchange: expected servers and list, add, allow or remove, received ${words.slice(0, 2).join(' ') || 'nothing'}`);
  }
  return withBackend(settings, ({ store, now }) => run(store, { action: known, rest, nowMs: now() }, flags));
}

async function run(
  store: Store,
  { action, rest, nowMs }: { readonly action: Action; readonly rest: readonly string[]; readonly nowMs: number },
  flags: ExchangeFlags,
): Promise<string> {
  if (action === 'list') {
    const [applicationId] = rest;
    return listed(await store.listDomainServers(applicationId === undefined ? {} : { applicationId }), flags);
  }
  const server = await namedServer(store, action, rest);
  switch (action) {
    case 'add': {
      const userNameDomain = flags['user-domain'];
      const userNameForm = userNameDomain === undefined ? 'address' : 'local_part';
      await store.addServerOfOperator({ ...server, userNameDomain, userNameForm, nowMs });
      return `People of ${server.mailDomain} are sent to ${server.ewsUrl}.`;
    }
    case 'allow':
      if (!(await store.allowServer(server))) throw notThere(server);
      return `People of ${server.mailDomain} may be sent to ${server.ewsUrl}.`;
    case 'remove':
      if (!(await store.forgetServer(server))) throw notThere(server);
      return `${server.ewsUrl} is forgotten for people of ${server.mailDomain}. Connections that stand are not touched.`;
  }
}

async function namedServer(store: Store, action: Action, rest: readonly string[]): Promise<NamedServer> {
  const [applicationId, mailDomain, typed] = rest;
  const url = typed === undefined ? undefined : parseServerAddress(typed);
  if (applicationId === undefined || mailDomain === undefined || url === undefined || !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(mailDomain)) {
    throw new UsageError(
      `exchange servers ${action}: expected CLIENT_ID, a mail domain such as corp.example and a server such as mail.corp.example`,
    );
  }
  if ((await store.findApplication(applicationId)) === undefined) {
    throw new CalendarConnectError('application_not_found', `No application has the client id ${applicationId}.`);
  }
  return { applicationId, provider: PROVIDER, mailDomain: mailDomain.toLowerCase(), ewsUrl: url.href };
}

function notThere({ mailDomain, ewsUrl }: NamedServer): UsageError {
  return new UsageError(`exchange servers: ${ewsUrl} is not remembered for ${mailDomain}; see exchange servers list`);
}

function listed(servers: readonly DomainServer[], flags: ExchangeFlags): string {
  if (flags.json) return JSON.stringify(servers.map(toWire));
  if (servers.length === 0) return 'No server is remembered.';
  return servers
    .map((server) => {
      const { application_id, mail_domain, ews_url, state, vouched_by, user_names, evidence, last_used_at } = toWire(server);
      return `${application_id}  ${mail_domain}  ${ews_url}\n  ${state}, vouched for by ${vouched_by}; user names: ${user_names}; ${evidence}; last used ${last_used_at}`;
    })
    .join('\n');
}

function toWire(server: DomainServer) {
  const { userNameForm, userNameDomain } = server;
  const prefix = userNameDomain === undefined ? '' : `${userNameDomain}\\`;
  const userNames = { address: 'the address', local_part: `${prefix}what the address begins with`, own: `${prefix}…` }[userNameForm];
  return {
    application_id: server.applicationId,
    mail_domain: server.mailDomain,
    ews_url: server.ewsUrl,
    state: server.state,
    vouched_by: server.vouchedBy,
    user_names: userNames,
    evidence: server.evidence,
    first_used_at: new Date(server.firstUsedAtMs).toISOString(),
    last_used_at: new Date(server.lastUsedAtMs).toISOString(),
    expires_at: server.expiresAtMs === undefined ? null : new Date(server.expiresAtMs).toISOString(),
  };
}
