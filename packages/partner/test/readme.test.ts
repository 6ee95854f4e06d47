import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { goThroughGoogle } from '../../backend/test/support/consent.ts';
import { createPartnerServer } from '../../backend/test/support/partner-server.ts';
import { openPage, type PageSession } from '../../backend/test/support/partner-page.ts';
import { AMIRA, createWorld, type World } from '../../backend/test/support/world.ts';
import type { ConnectedCalendar, ExchangeHandler, Session, Tokens } from '../src/index.ts';
import { connectByElement, exchangeRequest, networkTo, readExchange, type User } from './partner-world.ts';

const SITE = 'https://acme.example';
const CALLBACK = `${SITE}/calendar/callback`;

/** The README's TypeScript, by the heading that it stands under. */
const snippets = snippetsIn(readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8'));

function snippetsIn(markdown: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const section of markdown.split(/^#{1,6} /m)) {
    const heading = section.slice(0, section.indexOf('\n'));
    found.set(
      heading,
      Array.from(section.matchAll(/^```ts\n([^]*?)^```/gm), ([, code = '']) => code),
    );
  }
  return found;
}

/** What a reader of the README has at hand, and the snippets take for granted. */
interface AtHand {
  readonly [name: string]: unknown;
}

let folder: string;
let world: World;
let given: Map<string, AtHand>;
let kept: ConnectedCalendar<User>[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'calendar-connect-readme-'));
  given = new Map();
  Object.assign(globalThis, { givenToReadme: given });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  Reflect.deleteProperty(globalThis, 'givenToReadme');
});
beforeEach(async () => {
  world = await createWorld();
  kept = [];
});
afterEach(() => world.close());

/** What the README names its three names with, at hand for every snippet. */
function credentialsAtHand(): AtHand {
  const user = (request: Request): User | undefined => (request.headers.get('cookie')?.includes('user-42') ? { id: 'user-42' } : undefined);
  return {
    credentials: { issuer: world.publicUrl, ...world.application, fetch: networkTo(world) },
    user,
    onTokens: (connected: ConnectedCalendar<User>) => void kept.push(connected),
  };
}

/** Runs one snippet with what it takes for granted, and answers with what it named. */
async function run<Names>(
  heading: string,
  { index = 0, more = {}, names }: { index?: number; more?: AtHand; names: readonly string[] },
): Promise<Names> {
  const code = snippets.get(heading)?.[index];
  if (code === undefined) throw new Error(`the README has no snippet ${index + 1} under ${heading}`);
  const id = `${heading} ${index} ${given.size}`.replaceAll(/\W+/g, '-');
  const atHand = { ...credentialsAtHand(), ...more };
  given.set(id, atHand);
  const needed = Object.keys(atHand).filter((name) => !names.includes(name));
  const head = `const { ${needed.join(', ')} } = globalThis.givenToReadme.get(${JSON.stringify(id)});\n`;
  const tail = `\nexport { ${names.filter((name) => !code.includes(`export const ${name} `)).join(', ')} };\n`;
  const importing = code.includes("from '@calendar-connect/partner'")
    ? ''
    : "import { exchangeHandler } from '@calendar-connect/partner';\n";
  const file = join(folder, `${id}.ts`);
  writeFileSync(file, importing.concat(head, code, tail).replaceAll(/(?<= from ')[^']+(?=';)/g, addressOf));
  return (await import(pathToFileURL(file).href)) as Names;
}

// Where the examples and the backend have it from.
const backendRequire = createRequire(join(import.meta.dirname, '..', '..', 'backend', 'package.json'));

function addressOf(specifier: string): string {
  if (specifier === '@calendar-connect/partner') return pathToFileURL(join(import.meta.dirname, '..', 'src', 'index.ts')).href;
  return specifier.startsWith('node:') ? specifier : pathToFileURL(backendRequire.resolve(specifier)).href;
}

async function exchangeBody(): Promise<{ code: string; code_verifier: string }> {
  const { session, code } = await connectByElement(world);
  return { code, code_verifier: session.verifier };
}

/** From an authorization's address to the redirect URI. */
async function goThrough(url: string): Promise<URL> {
  const browser = world.browser();
  const chooser = await browser.visit(url);
  const onward = await browser.submit(chooser, { press: 'Continue', choose: { provider: 'google', access_mode: 'free_busy' } });
  return (await goThroughGoogle(browser, onward)).url;
}

describe('the README', () => {
  it('has no snippet that is not run here', () => {
    const counts = [...snippets].map(([heading, { length }]) => [heading, length]).filter(([, length]) => length !== 0);
    expect(counts).toEqual([
      ['@calendar-connect/partner', 1],
      ['An endpoint of your own', 3],
      ['A receipt', 1],
      ['A session of your own', 1],
      ['An authorization, without the element', 1],
      ['Codes that a page picks up', 1],
      ['Notifications', 1],
    ]);
  });

  it('begins with credentials', async () => {
    const { credentials } = await run<{ credentials: object }>('@calendar-connect/partner', { names: ['credentials'] });
    expect(Object.keys(credentials)).toEqual(['issuer', 'clientId', 'clientSecret']);
  });

  it('shows an endpoint in Hono that keeps the tokens of whoever is signed in', async () => {
    const saved: unknown[] = [];
    const more = {
      users: { signedIn: (cookie: string | null) => (cookie === null ? undefined : { id: cookie }) },
      calendars: { save: async (...calendar: unknown[]) => void saved.push(calendar) },
    };
    const { app } = await run<{ app: Hono }>('An endpoint of your own', { more, names: ['app'] });
    const request = exchangeRequest(await exchangeBody(), { origin: SITE, cookie: 'user-42' }, `${SITE}/calendar/exchange`);
    const { status, body } = await readExchange(await app.request(request));
    expect([status, body.name]).toEqual([200, AMIRA]);
    expect(saved).toEqual([['user-42', { accountId: body.account_id, refreshToken: expect.any(String), login: AMIRA }]]);
  });

  it('shows a route handler of Next.js', async () => {
    const { POST } = await run<{ POST: ExchangeHandler }>('An endpoint of your own', { index: 1, names: ['POST'] });
    expect((await POST(exchangeRequest(await exchangeBody()))).status).toBe(200);
    expect(kept.map(({ user }) => user)).toEqual([{ id: 'user-42' }]);
  });

  it('shows a server of Node’s', async () => {
    const { server } = await run<{ server: Server }>('An endpoint of your own', { index: 2, names: ['server'] });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      // A server that listens has one.
      const { port } = server.address() as AddressInfo;
      const headers = { 'content-type': 'application/json', origin: SITE, cookie: 'session=user-42' };
      const body = JSON.stringify(await exchangeBody());
      const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
      expect([answer.status, kept.length]).toEqual([200, 1]);
    } finally {
      server.close();
    }
  });

  it('shows a receipt', async () => {
    const session: PageSession = await openPage(world).mint();
    await session.connect();
    const { body } = await session.exchange((await session.poll()).code);
    const { tokens } = await run<{ tokens: Tokens }>('A receipt', { more: { receipt: body.receipt }, names: ['tokens'] });
    expect([tokens.accountId, tokens.profile.name]).toEqual([body.account_id, AMIRA]);
  });

  it('shows a session', async () => {
    const names = ['id', 'session', 'state', 'accountId'];
    const made = await run<{ id: string; session: string } & Pick<Session, 'state' | 'accountId'>>('A session of your own', { names });
    expect([made.state, made.accountId]).toEqual(['created', undefined]);
    const claimed = await openPage(world).claim(made.session);
    await claimed.connect();
    expect((await createPartnerServer(world).session(made.id)).body).toMatchObject({ state: 'connected', end_user: { id: 'user-42' } });
  });

  it('shows an authorization, which a link of somebody else’s cannot end', async () => {
    const application = await world.register({ redirectUris: [CALLBACK] });
    const { app } = await runAuthorization(application);
    const asked = await app.request(`${SITE}/calendar/connect`);
    const cookie = asked.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const back = await goThrough(asked.headers.get('location') ?? '');
    const stranger = await app.request(back.href);
    expect([stranger.status, await stranger.text()]).toEqual([400, 'Nothing was connected.']);
    const owner = await app.request(back.href, { headers: { cookie } });
    expect([owner.status, await owner.text()]).toEqual([200, `Connected ${AMIRA}.`]);
    expect(owner.headers.get('set-cookie')).toContain('Max-Age=0');
  });

  function runAuthorization(application: { clientId: string; clientSecret: string }) {
    const { Hono } = backendRequire('hono') as { Hono: new () => Hono };
    const credentials = { issuer: world.publicUrl, ...application, fetch: networkTo(world) };
    const more = { credentials, app: new Hono(), cookieSecret: 'a secret of the partner’s own' };
    return run<{ redirectUri: string }>('An authorization, without the element', { more, names: ['redirectUri'] }).then(() => more);
  }

  it('shows how a page’s code is compared with what the server kept', async () => {
    const application = await world.register({ redirectUris: [CALLBACK] });
    const { credentials, app } = await runAuthorization(application);
    const asked = await app.request(`${SITE}/calendar/connect`);
    const authorization = JSON.parse(decodeURIComponent(asked.headers.get('set-cookie') ?? '').match(/\{[^}]*\}/)?.[0] ?? '{}') as object;
    const { searchParams } = await goThrough(asked.headers.get('location') ?? '');
    const more = { credentials, redirectUri: CALLBACK, sessions: { takeAuthorization: () => authorization } };
    const { exchange } = await run<{ exchange: ExchangeHandler }>('Codes that a page picks up', { more, names: ['exchange'] });
    const body = { code: searchParams.get('code'), state: searchParams.get('state'), redirect_uri: CALLBACK };
    const url = `${SITE}/calendar/exchange`;
    expect((await exchange(exchangeRequest({ ...body, state: 'of-somebody-else' }, { origin: SITE }, url))).status).toBe(400);
    expect((await exchange(exchangeRequest(body, { origin: SITE }, url))).status).toBe(200);
  });

  it('shows an endpoint for notifications, which takes only what was signed', async () => {
    const { Hono } = backendRequire('hono') as { Hono: new () => Hono };
    const app = new Hono();
    const added: unknown[] = [];
    await run('Notifications', { more: { app, queue: { add: async (...item: unknown[]) => void added.push(item) } }, names: [] });
    const body = JSON.stringify({ notification: { id: 'ntf_1', type: 'pending_admin_approval' } });
    const send = (secret: string) => {
      const signature = createHmac('sha256', secret).update(body).digest('base64');
      return app.request('/calendar/notifications', { method: 'POST', body, headers: { 'Cronofy-HMAC-SHA256': signature } });
    };
    expect([(await send('a stranger’s secret')).status, added]).toEqual([401, []]);
    expect((await send(world.application.clientSecret)).status).toBe(204);
    expect(added).toEqual([['ntf_1', { id: 'ntf_1', type: 'pending_admin_approval' }]]);
  });
});
