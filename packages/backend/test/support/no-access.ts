import { expect } from 'vitest';
import type { Browser, Screen } from './browser.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { openPage, type PageSession, type PartnerPage } from './partner-page.ts';
import { createPartnerServer, type TokenBody } from './partner-server.ts';
import { createWorld, type World } from './world.ts';

/** What a person chooses who shares no calendar. */
export const NO_ACCESS = { provider: 'none', accessMode: 'no_access' } as const;
/** Theirs. */
export const ADDRESS = 'Amira.Haddad@nowhere.example';

/** A person on their way, who shares no calendar. */
export interface Proving {
  readonly browser: Browser;
  readonly session: PageSession;
  /** Where they type the address. */
  readonly form: Screen;
}

/** A world in which addresses can be proven. */
export interface NoAccessWorld {
  readonly world: World;
  /** The one that answers now. */
  server(): MailServer;
  stopMail(): Promise<void>;
  restartMail(): Promise<void>;
  begin(page?: PartnerPage): Promise<Proving>;
  /** As far as the page that asks for the code. */
  beginWith(email?: string, page?: PartnerPage): Promise<Proving & { readonly codeForm: Screen }>;
  /** The code in the nth mail. */
  codeOfMail(n?: number): Promise<string>;
  /** The whole way, to a connected session. */
  connect(email?: string): Promise<PageSession>;
  /** What the partner's server gets for the code of a connected session. */
  redeem(session: PageSession): Promise<TokenBody>;
  /** Lanes with mails that did not leave yet. */
  waitingMails(): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

export function typeAddress({ browser, form }: Proving, email: string): Promise<Screen> {
  return browser.submit(form, { type: { email }, press: 'Continue' });
}

export function typeCode({ browser }: Pick<Proving, 'browser'>, form: Screen, code: string): Promise<Screen> {
  return browser.submit(form, { type: { code }, press: 'Continue' });
}

/** The code in the text of a mail. */
export function codeIn(text: string | undefined): string {
  const [code] = /^\d{6}$/m.exec(text?.replaceAll('\r', '') ?? '') ?? [];
  if (code === undefined) throw new Error('there is no code in the mail');
  return code;
}

/** A code that is not this one. */
export function otherThan(code: string, by = 1): string {
  return String((Number(code) + by) % 1_000_000).padStart(6, '0');
}

export async function createNoAccessWorld(): Promise<NoAccessWorld> {
  let server = await startMailServer();
  const { port } = server;
  const world = await createWorld({
    database: 'file',
    accessModes: ['full', 'free_busy', 'no_access'],
    mail: { smtpUrl: `smtp://127.0.0.1:${port}`, from: 'Acme Calendars <calendars@acme.example>' },
  });
  const begin: NoAccessWorld['begin'] = async (page = openPage(world)) => {
    const session = await page.mint();
    return { browser: page.browser, session, form: await session.start(NO_ACCESS) };
  };
  const beginWith: NoAccessWorld['beginWith'] = async (email = ADDRESS, page) => {
    const proving = await begin(page);
    return { ...proving, codeForm: await typeAddress(proving, email) };
  };
  const codeOfMail: NoAccessWorld['codeOfMail'] = async (n = 1) => {
    await expect.poll(() => server.mails.length).toBeGreaterThanOrEqual(n);
    return codeIn(server.mails[n - 1]?.text);
  };
  return {
    world,
    server: () => server,
    stopMail: () => server.close(),
    restartMail: async () => {
      server = await startMailServer({ port });
    },
    begin,
    beginWith,
    codeOfMail,
    connect: async (email) => {
      const mails = server.mails.length;
      const proving = await beginWith(email);
      await typeCode(proving, proving.codeForm, await codeOfMail(mails + 1));
      return proving.session;
    },
    redeem: async (session) => {
      const { code } = await session.poll();
      const { status, body } = await createPartnerServer(world).redeem(code, { code_verifier: session.verifier });
      expect(status).toBe(200);
      return body;
    },
    waitingMails: () => world.database.execute(`select id from work_lanes where id like 'mail:%'`),
    close: async () => {
      await world.close();
      await server.close();
    },
  };
}
