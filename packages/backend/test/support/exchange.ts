import {
  type ExchangeEmulatorOptions,
  type ExchangeHostSeed,
  type RunningExchangeEmulator,
  startExchangeEmulator,
} from '@calendar-connect/emulators';
import { exchange, type Provider } from '../../src/index.ts';
import { createConversations } from '../../src/outbound/conversation.ts';
import type { Browser, Screen } from './browser.ts';
import { openPage, type PageSession, type PartnerPage } from './partner-page.ts';
import { createPartnerServer, type TokenBody } from './partner-server.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export const AMIRA = { address: 'amira@corp.example', userName: 'CORP\\ahaddad', password: 'Amira-s Password 1' };
export const JONAS = { address: 'jonas@corp.example', userName: 'CORP\\jweber', password: 'Jonas-s Password 2' };
/** Whose address is their name to log in with. */
export const OTTO = { address: 'o.brandt@corp.example', userName: 'o.brandt@corp.example', password: 'Otto-s Password 4' };
/** Both are called in Windows as their addresses begin. */
export const KIM = { address: 'kim@corp.example', userName: 'CORP\\kim', password: 'Kim-s Password 6' };
export const SAM = { address: 'sam@corp.example', userName: 'CORP\\sam', password: 'Sam-s Password 7' };
export const LEA = { address: 'lea@corp.example', password: 'Lea-s Password 3' };

/** A person on their way, on the page that asks for their address. */
export interface Entering {
  readonly browser: Browser;
  readonly session: PageSession;
  readonly form: Screen;
}

/** A world with an Exchange organisation in it. */
export interface ExchangeWorld {
  readonly world: World;
  readonly emulator: RunningExchangeEmulator;
  begin(choice?: { accessMode?: 'full' | 'free_busy' }, page?: PartnerPage): Promise<Entering>;
  /** As far as the page after the address. */
  find(typed: Readonly<Record<string, string>>, page?: PartnerPage): Promise<Entering>;
  /** The whole way of somebody who types all that is asked. */
  connect(typed: Readonly<Record<string, string>>, login: { readonly password: string; readonly userName?: string }): Promise<PageSession>;
  redeem(session: PageSession): Promise<TokenBody>;
  /** What is remembered for colleagues. */
  remembered(): Promise<readonly Record<string, unknown>[]>;
  /** The hosts that got anything of a login. */
  told(): readonly string[];
  close(): Promise<void>;
}

/** Public addresses, so that the guard has nothing against them; the emulator's proxy leads there. */
export function reachable(hosts: readonly ExchangeHostSeed[]): readonly ExchangeHostSeed[] {
  return hosts.map((host, index) => ({ addresses: [`93.184.216.${index + 1}`], ...host }));
}

/** Otto's address as his people give it to him: in the emulator's default it is another one. */
export const PEOPLE: NonNullable<ExchangeEmulatorOptions['people']> = [
  { email: AMIRA.address, name: 'Amira Haddad', password: AMIRA.password, userName: 'ahaddad', aliases: ['amira.haddad@corp.example'] },
  { email: JONAS.address, name: 'Jonas Weber', password: JONAS.password, userName: 'jweber' },
  { email: LEA.address, name: 'Lea Sommer', password: LEA.password, userName: 'lsommer', mailbox: 'exchange_online' },
  { email: KIM.address, name: 'Kim Adler', password: KIM.password, userName: 'kim', userPrincipalName: 'kim@corp.local' },
  { email: SAM.address, name: 'Sam Boateng', password: SAM.password, userName: 'sam', userPrincipalName: 'sam@corp.local' },
  { email: OTTO.address, name: 'Otto Brandt', password: OTTO.password, userPrincipalName: OTTO.address },
];

export const USUAL_HOSTS: readonly ExchangeHostSeed[] = [
  { name: 'mail.corp.example' },
  { name: 'autodiscover.corp.example' },
  { name: 'corp.example', https: { kind: 'website' }, http: { kind: 'website' } },
  { name: 'autodiscover.example', https: { kind: 'website', challenge: 'basic' } },
];

/** No Autodiscover anywhere: the server has to be typed. */
export const SERVER_ALONE: readonly ExchangeHostSeed[] = [{ name: 'mail.corp.example' }];

/** Exchange as the backend reaches it: by the emulator's own internet. */
export function exchangeAt({ network, ca }: RunningExchangeEmulator): Provider {
  return exchange({
    conversations: createConversations({ ca, proxy: network.proxyUrl }, { resolve: (name) => network.resolve(name) }),
    resolveServices: (name) => network.resolveSrv(name).catch(() => []),
  });
}

/** Types the password on the page that asks for it. */
export function typePassword({ browser, form }: Entering, password: string, userName?: string): Promise<Screen> {
  return browser.submit(form, { type: { password, ...(userName === undefined ? {} : { user_name: userName }) }, press: 'Sign in' });
}

export async function createExchangeWorld(organisation: ExchangeEmulatorOptions = {}, options: WorldOptions = {}): Promise<ExchangeWorld> {
  const emulator = await startExchangeEmulator({
    people: PEOPLE,
    ...organisation,
    hosts: reachable(organisation.hosts ?? USUAL_HOSTS),
  });
  const world = await createWorld({
    database: 'file',
    providers: (google, microsoft) => [google, microsoft, exchangeAt(emulator)],
    ...options,
  });
  const begin: ExchangeWorld['begin'] = async ({ accessMode = 'full' } = {}, page = openPage(world)) => {
    const session = await page.mint();
    return { browser: page.browser, session, form: await session.start({ provider: 'exchange', accessMode }) };
  };
  const find: ExchangeWorld['find'] = async (typed, page) => {
    const entering = await begin({}, page);
    return { ...entering, form: await entering.browser.submit(entering.form, { type: typed, press: 'Continue' }) };
  };
  return {
    world,
    emulator,
    begin,
    find,
    connect: async (typed, { password, userName }) => {
      const entering = await find(typed);
      await typePassword(entering, password, userName);
      return entering.session;
    },
    remembered: () =>
      world.database.execute(
        'select application_id, mail_domain, ews_url, state, vouched_by, user_name_form, user_name_domain from domain_servers',
      ),
    redeem: async (session) => {
      const { code } = await session.poll();
      const { body } = await createPartnerServer(world).redeem(code, { code_verifier: session.verifier });
      return body;
    },
    told: () =>
      emulator.control.hosts
        .map(({ name }) => name)
        .filter((name) => emulator.control.credentialsSentTo(name).length > 0)
        .toSorted(),
    close: async () => {
      await world.close();
      await emulator.close();
    },
  };
}
