import { createSession, redeemReceipt } from '@calendar-connect/partner';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { codeIn } from '../support/no-access.ts';
import { allSeen, goThroughGoogle, type ModeLabel, openBrowser, openProfile, seen, startConnecting, visit, windowFrom } from './people.ts';
import { AMIRA, createWorld, type World } from './world.ts';

let server: MailServer;
let world: World;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  browser = await openBrowser();
});

beforeEach(async () => {
  server = await startMailServer();
  world = await createWorld(
    {},
    { withMicrosoft: true, mail: { smtpUrl: `smtp://127.0.0.1:${server.port}`, from: 'calendars@acme.example' } },
  );
  await offer({ accessModes: ['full', 'free_busy', 'no_access'] });
  context = await openProfile(browser);
});

afterEach(async () => {
  await context.close();
  await world.close();
  await server.close();
});

afterAll(() => browser.close());

async function offer(changes: Parameters<World['connect']['applications']['update']>[1]): Promise<void> {
  await world.connect.applications.update(world.application.clientId, changes);
}

/** Opens the dialog again, on what is connected, and answers with the window that *Continue* opens. */
function changeTo(page: Page, mode: ModeLabel): Promise<Page> {
  return windowFrom(page, async () => {
    await page.getByRole('button', { name: 'Change what is shared' }).click();
    await page.getByRole('radio', { name: mode }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
  });
}

/** The nth time that the element said it is connected. */
async function connectedAs(page: Page, n: number) {
  await expect.poll(async () => (await allSeen(page, 'calendar-connected')).length, { timeout: 15_000 }).toBe(n);
  return (await allSeen(page, 'calendar-connected'))[n - 1];
}

async function profilesBy(receipt: unknown) {
  const tokens = await redeemReceipt({ ...world.credentials, receipt: String(receipt) });
  const answer = await fetch(`${world.backend.serverUrl}/v1/userinfo`, { headers: { authorization: `Bearer ${tokens.accessToken}` } });
  const { 'cronofy.data': data } = (await answer.json()) as { 'cronofy.data': { profiles: Record<string, unknown>[] } };
  return data.profiles;
}

async function proveAddress(popup: Page, address: string): Promise<void> {
  const before = server.mails.length;
  await popup.getByLabel('Your e-mail address').fill(address);
  await popup.getByRole('button', { name: 'Continue' }).click();
  await popup.getByRole('heading', { name: 'Enter the code from the mail' }).waitFor();
  await expect.poll(() => server.mails.length).toBeGreaterThan(before);
  await popup.getByLabel('Code', { exact: true }).fill(codeIn(server.mails.at(-1)?.text));
  await popup.getByRole('button', { name: 'Continue' }).click();
}

/** What can be chosen in the open dialog, or on the hosted page. */
async function choices(page: Page): Promise<string[]> {
  const radios = await page.getByRole('radio').all();
  const named = await Promise.all(radios.map(async (radio) => ((await radio.isVisible()) ? radio.ariaSnapshot() : '')));
  return named.flatMap((text) => /radio "([^"]+)"/.exec(text)?.[1] ?? []);
}

describe('choosing in the element', () => {
  it.each([
    ['Full access', 'full', 'google'],
    ['Free/busy only', 'free_busy', 'google_free_busy'],
  ] as const)('%s connects Google so, and partners are told', async (label, accessMode, providerName) => {
    const page = await visit(context, world.partner.show());
    await goThroughGoogle(await startConnecting(page, label));
    const event = await seen(page, 'calendar-connected');
    expect(event).toMatchObject({ provider: 'google', accessMode, name: AMIRA });
    expect(await profilesBy(event['receipt'])).toMatchObject([{ provider_name: providerName, profile_connected: true }]);
  });

  it.each(['Google', 'Another calendar'] as const)('No calendar access under %s proves an address', async (provider) => {
    const page = await visit(context, world.partner.show());
    const popup = await startConnecting(page, 'No calendar access', provider);
    await proveAddress(popup, 'amira@home.example');
    const event = await seen(page, 'calendar-connected');
    expect(event).toMatchObject({ provider: 'none', accessMode: 'no_access', name: 'amira@home.example' });
    expect(await profilesBy(event['receipt'])).toMatchObject([{ provider_name: 'cronofy', provider_service: 'cronofy' }]);
  });

  it('says what is shared, what is not, and exactly what is asked for, before anybody leaves the page', async () => {
    const page = await visit(context, world.partner.show());
    await page.getByRole('button', { name: 'Connect your calendar' }).click();
    await page.getByRole('radio', { name: 'Google' }).check();
    await page.getByRole('radio', { name: 'Free/busy only' }).check();
    await page.getByText('see when you are busy', { exact: true }).waitFor();
    await page.getByText('see titles, places and guests of your events', { exact: true }).waitFor();
    await page.getByText('Exactly what Google will be asked for').click();
    await page.getByText('https://www.googleapis.com/auth/calendar.events.freebusy').waitFor();
    await page.getByRole('radio', { name: 'No calendar access' }).check();
    await page.getByText('No provider is asked for anything.').waitFor();
  });
});

describe('what an application has switched off', () => {
  it('is in neither chooser from then on, and the default mode is marked', async () => {
    await offer({ accessModes: ['full', 'free_busy'], defaultAccessMode: 'free_busy', providers: ['microsoft', 'google'] });
    const page = await visit(context, world.partner.show());
    await page.getByRole('button', { name: 'Connect your calendar' }).click();
    await page.getByRole('radio', { name: 'Google' }).check();
    expect(await choices(page)).toEqual(['Microsoft 365 or Outlook.com', 'Google', 'Full access', 'Free/busy only']);
    expect(await page.getByRole('radio', { name: 'Free/busy only' }).isChecked()).toBe(true);
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: world.application.clientId,
      redirect_uri: `${world.partner.origin}/callback`,
    });
    const hosted = await visit(context, `${world.backend.origin}/oauth/authorize?${query}`);
    await hosted.getByRole('radio', { name: 'Google' }).check();
    expect(await choices(hosted)).toEqual(['Microsoft 365 or Outlook.com', 'Google', 'Full access', 'Free/busy only']);
    expect(await hosted.getByRole('radio', { name: 'Free/busy only' }).isChecked()).toBe(true);
  });

  it('is refused by name where a page asks for it', async () => {
    await offer({ accessModes: ['full'] });
    const page = await visit(context, world.partner.show({ body: world.partner.element('access-modes="no_access"') }));
    await page.getByRole('button', { name: 'Connect your calendar' }).click();
    expect(await seen(page, 'calendar-connect-error')).toMatchObject({ code: 'access_mode_not_offered' });
  });
});

describe('changing what is shared, in the element', () => {
  it('down, up, and to nothing keeps account and profile, and Google holds no more than it has to', async () => {
    const page = await visit(context, world.partner.show());
    await goThroughGoogle(await startConnecting(page, 'Full access'));
    const first = await connectedAs(page, 1);
    const ids = { accountId: first?.['accountId'], profileId: first?.['profileId'] };

    await goThroughGoogle(await changeTo(page, 'Free/busy only'));
    expect(await connectedAs(page, 2)).toMatchObject({ ...ids, accessMode: 'free_busy' });
    expect(world.google.consentedScopes(AMIRA).filter((scope) => scope.endsWith('/calendar.events'))).toEqual([]);
    expect(world.google.liveRefreshTokens(AMIRA)).toBe(1);

    await goThroughGoogle(await changeTo(page, 'Full access'));
    expect(await connectedAs(page, 3)).toMatchObject({ ...ids, accessMode: 'full' });

    await proveAddress(await changeTo(page, 'No calendar access'), 'amira@home.example');
    const last = await connectedAs(page, 4);
    expect(last).toMatchObject({ ...ids, accessMode: 'no_access', provider: 'none' });
    await expect.poll(() => world.google.liveRefreshTokens(AMIRA)).toBe(0);
    expect(await profilesBy(last?.['receipt'])).toMatchObject([{ profile_id: ids.profileId, provider_name: 'cronofy' }]);
    await page.getByText('No calendar access').first().waitFor();
  });

  it('says before *Continue* what ends, and leaves everything as it is where the person thinks better of it', async () => {
    const page = await visit(context, world.partner.show());
    await goThroughGoogle(await startConnecting(page, 'Full access'));
    const connected = await seen(page, 'calendar-connected');
    await page.getByRole('button', { name: 'Change what is shared' }).click();
    await page.getByText(`Connected now: ${AMIRA}`).waitFor();
    await page.getByRole('radio', { name: 'Free/busy only' }).check();
    await page.getByText('What is shared now ends when you continue.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await profilesBy(connected['receipt'])).toMatchObject([{ provider_name: 'google', profile_connected: true }]);
  });
});

it('changes the connection that the partner’s server names, after the person has confirmed', async () => {
  const page = await visit(context, world.partner.show());
  const endUser = { id: 'user-17', name: 'Amira Haddad' };
  const begin = async (profileId?: string): Promise<Page> => {
    const { session } = await createSession({ ...world.credentials, endUser, profileId });
    await page.goto(world.partner.show({ body: world.partner.element(`session="${session}"`) }));
    return page;
  };
  const popup = await startConnecting(await begin(), 'Full access');
  await popup.getByRole('button', { name: 'Continue' }).click();
  await goThroughGoogle(popup);
  const before = await seen(page, 'calendar-connected');

  await begin(String(before['profileId']));
  const change = await windowFrom(page, async () => {
    await page.getByRole('button', { name: 'Connect your calendar' }).click();
    await page.getByText(`Connected now: ${AMIRA}, Google · Full access`).waitFor();
    await page.getByRole('radio', { name: 'Free/busy only' }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
  });
  await change.getByRole('heading', { name: 'Change what is shared' }).waitFor();
  await change.getByRole('button', { name: 'Continue' }).click();
  await goThroughGoogle(change);
  expect(await seen(page, 'calendar-connected')).toMatchObject({
    accountId: before['accountId'],
    profileId: before['profileId'],
    accessMode: 'free_busy',
  });
});
