import { en } from '@calendar-connect/protocol/sentences/en';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Screen } from './support/browser.ts';
import { onwardLink, textOf } from './support/html.ts';
import { AMIRA_AT_WORK, goThroughMicrosoft, LEA } from './support/microsoft.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { authorizePath, createPartnerServer } from './support/partner-server.ts';
import { createWorld, type World } from './support/world.ts';

const FULL = { provider: 'microsoft', accessMode: 'full' } as const;

let world: World;
let page: PartnerPage;
let session: PageSession;

beforeEach(async () => {
  world = await createWorld({ providers: (google, microsoft) => [google, microsoft] });
  page = openPage(world);
  session = await page.mint();
});
afterEach(() => world.close());

async function connect(account = LEA): Promise<Screen> {
  return goThroughMicrosoft(page.browser, await session.start(FULL), { account });
}

/** Microsoft sends the person back with this, whatever its pages would have said. */
async function comeBackWith(answer: Readonly<Record<string, string>>): Promise<Screen> {
  const state = new URL(onwardLink((await session.start(FULL)).text) ?? '').searchParams.get('state') ?? '';
  return page.browser.visit(`${world.publicUrl}/connect/callback/microsoft?${new URLSearchParams({ ...answer, state }).toString()}`);
}

/** Not a word of what Microsoft wrote beside its code, which may name people, devices and requests. */
function expectNothingElseOfMicrosofts(...seen: unknown[]): void {
  expect(JSON.stringify(seen)).not.toMatch(
    /Trace ID|Correlation ID|Timestamp|configured the application|Password is expired|error_description/,
  );
}

describe('a code of the provider’s that we know', () => {
  it.each([
    [
      'callbackError',
      50105,
      'admin_policy_enforced',
      'Your organisation lets only certain people use this application, and you are not among them.',
    ],
    ['callbackError', 53003, 'admin_policy_enforced', 'A rule of your organisation does not let you connect.'],
    ['callbackError', 90072, 'wrong_account', 'This account belongs to another organisation.'],
    ['callbackError', 50034, 'wrong_account', 'Microsoft does not know this account.'],
    ['callbackError', 50076, 'sign_in_required', 'Microsoft wants a second proof that it is you.'],
    ['tokenError', 50055, 'sign_in_required', 'Your Microsoft password has expired and has to be changed first.'],
    ['tokenError', 50020, 'wrong_account', 'This account does not belong to the organisation that it was used for.'],
    ['tokenError', 90033, 'provider_unavailable', 'Microsoft is too busy to answer at the moment.'],
  ] as const)(
    'by %s %i fails the session as %s, with its own sentence and the code on the page and in the status',
    async (by, code, reason, happened) => {
      world.microsoft.setFor(LEA, { [by]: code });
      const end = await connect();
      const status = await session.poll();
      const { todo } = en.failures[reason];
      expect(status).toMatchObject({ state: 'failed', reason, failure_code: `AADSTS${code}`, failure: { happened, todo } });
      expect(textOf(end.text)).toContain(`${happened} ${todo} ${reason} · AADSTS${code} · ${session.id}`);
      expect((await createPartnerServer(world).session(session.id)).body).toMatchObject({ reason, failure_code: `AADSTS${code}` });
      expect(world.log).toMatchObject([{ event: `connect_${reason}`, hint: expect.stringContaining(`AADSTS${code}`) }]);
      expectNothingElseOfMicrosofts(end.text, status, world.log);
    },
  );

  it('is explained on the page of the flow by redirect too, beside one click to try again', async () => {
    world.microsoft.setFor(LEA, { callbackError: 50105 });
    const browser = world.browser();
    const first = await browser.visit(`${world.publicUrl}${authorizePath(world, { provider_name: 'office365' })}`);
    const end = await goThroughMicrosoft(browser, first, { account: LEA });
    expect(textOf(end.text)).toMatch(
      /Your organisation lets only certain people use this application.* admin_policy_enforced · AADSTS50105 · ses_.*Try again/,
    );
    expectNothingElseOfMicrosofts(end.text, world.log);
  });

  it('is forgotten by the try that takes the place of the failed one', async () => {
    world.microsoft.setFor(LEA, { callbackError: 50105 });
    await connect();
    world.microsoft.reset();
    session = await page.mint({ retry_of: session.id }, session.secret);
    await connect();
    const status = await session.poll();
    expect(status.state).toBe('connected');
    expect(status).not.toHaveProperty('failure_code');
    expect(status).not.toHaveProperty('failure');
  });
});

describe('a failure that the provider’s code does not explain', () => {
  it('has the sentences of its reason beside a code that we do not know', async () => {
    const text = 'AADSTS9999999: Jane <jane@example.com> was refused. Trace ID: 1';
    const end = await comeBackWith({ error: 'something_new', error_description: text });
    const status = await session.poll();
    expect(status).toMatchObject({ reason: 'provider_refused', failure_code: 'AADSTS9999999', failure: en.failures.provider_refused });
    expect(textOf(end.text)).toContain(
      `${en.failures.provider_refused.happened} ${en.failures.provider_refused.todo} provider_refused · AADSTS9999999`,
    );
    expectNothingElseOfMicrosofts(end.text, status, world.log);
    expect(JSON.stringify([end.text, status, world.log])).not.toContain('jane');
  });

  it('has no code where the provider named none', async () => {
    const end = await comeBackWith({ error: 'interaction_required' });
    const status = await session.poll();
    expect(status).toMatchObject({ reason: 'sign_in_required', failure: en.failures.sign_in_required });
    expect(status).not.toHaveProperty('failure_code');
    expect(textOf(end.text)).toContain(`sign_in_required · ${session.id}`);
  });

  it('has none at a provider that explains nothing', async () => {
    world.google.addFault({ group: 'token', status: 503, times: 1 });
    await session.connect();
    const status = await session.poll();
    expect(status).toMatchObject({ reason: 'provider_unavailable', failure: en.failures.provider_unavailable });
    expect(status).not.toHaveProperty('failure_code');
  });
});

describe('somebody who waits for an administrator', () => {
  /** Turned away, and trying again with another answer of Microsoft's. */
  async function tryAgainWith(callbackError: number): Promise<Screen> {
    const room = await connect(AMIRA_AT_WORK);
    world.microsoft.setFor(AMIRA_AT_WORK, { callbackError });
    return goThroughMicrosoft(page.browser, await page.browser.submit(room, { press: 'Try again now' }), { account: AMIRA_AT_WORK });
  }

  it('waits on where the provider only wants to ask them something', async () => {
    await tryAgainWith(50076);
    const status = await session.poll();
    expect(status.state).toBe('waiting_for_admin');
    expect(status).not.toHaveProperty('failure_code');
  });

  it('learns that it is over where a rule of their organisation shuts them out, whatever is approved', async () => {
    const end = await tryAgainWith(50105);
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'admin_policy_enforced', failure_code: 'AADSTS50105' });
    expect(textOf(end.text)).toContain('you are not among them');
  });
});
