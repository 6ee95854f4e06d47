import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Screen } from './support/browser.ts';
import { onwardLink, textOf } from './support/html.ts';
import { AMIRA_AT_WORK, goThroughMicrosoft, MIKA, NOOR_ADMINISTRATOR } from './support/microsoft.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { createPartnerServer } from './support/partner-server.ts';
import { createWorld, MICROSOFT_CLIENT, type World } from './support/world.ts';

let world: World;
let page: PartnerPage;
let session: PageSession;

beforeEach(async () => {
  world = await createWorld({ providers: (google, microsoft) => [google, microsoft] });
  page = openPage(world);
  session = await page.mint();
});
afterEach(() => world.close());

const FULL = { provider: 'microsoft', accessMode: 'full' } as const;

/** From the click to the page on which the person waits. */
async function turnedAway(account = AMIRA_AT_WORK): Promise<Screen> {
  return goThroughMicrosoft(page.browser, await session.start(FULL), { account });
}

/** The same, with the organisation named. */
async function waiting(): Promise<Screen> {
  return page.browser.submit(await turnedAway(), { press: 'Continue', type: { email: AMIRA_AT_WORK } });
}

/** What the waiting page's script is told to do next. */
async function next(room: Screen, after = Number(/data-version="(\d+)"/.exec(room.text)?.[1])): Promise<string> {
  const answer = await page.browser.visit(`${room.url.href}/status?after=${after}`);
  return (JSON.parse(answer.text) as { next: string }).next;
}

async function linkForAdministrator(): Promise<string> {
  const { admin_approval } = await session.poll();
  if (admin_approval === undefined) throw new Error('the session waits for nobody');
  return admin_approval.url;
}

/** An administrator in a browser of their own, from the link to the end. */
async function approve(link: string, account = NOOR_ADMINISTRATOR, decision: 'Accept' | 'Cancel' = 'Accept'): Promise<Screen> {
  const browser = world.browser();
  const asked = await browser.submit(await browser.visit(link), { press: 'Go on to Microsoft' });
  return goThroughMicrosoft(browser, asked, { account, decision });
}

/** The waiting page goes on as its script does. */
const goOn = (room: Screen): Promise<Screen> =>
  page.browser.submit(room, { press: room.text.includes('Try again now') ? 'Try again now' : 'Continue' });

describe('somebody who is turned away', () => {
  it('comes to a page that asks for the organisation, and the session waits', async () => {
    const room = await turnedAway();
    expect(textOf(room.text)).toContain('Which organisation has to allow this?');
    expect(await session.poll()).toMatchObject({
      state: 'waiting_for_admin',
      provider: 'microsoft',
      access_mode: 'full',
      admin_approval: { url: expect.stringContaining('/connect/approve/'), scopes: expect.arrayContaining(['Calendars.ReadWrite']) },
    });
  });

  it('sees the organisation and the link once they have said who they are', async () => {
    const room = await waiting();
    expect(textOf(room.text)).toContain('An administrator of partner.example has to allow this');
    expect(room.text).toContain(await linkForAdministrator());
    const { admin_approval } = await session.poll();
    expect(admin_approval).toMatchObject({ organisation: 'partner.example' });
    const mail = new URL(admin_approval?.mail ?? '');
    expect([mail.protocol, mail.pathname, mail.searchParams.get('body')]).toEqual([
      'mailto:',
      '',
      expect.stringContaining(await linkForAdministrator()),
    ]);
  });

  it.each([
    ['nobody', 'This is not an e-mail address'],
    ['jonas@outlook.com', 'This is a private account'],
    ['amira@nowhere.example', 'knows no organisation with this address'],
  ])('is told what is wrong with %s', async (email, problem) => {
    const room = await page.browser.submit(await turnedAway(), { press: 'Continue', type: { email } });
    expect(textOf(room.text)).toContain(problem);
    expect(room.text).toContain(`value="${email}"`);
  });

  it('is connected by single sign-on as soon as the administrator has approved', async () => {
    const room = await waiting();
    expect(await next(room, 0)).toBe('reload');
    const end = await approve(await linkForAdministrator());
    expect(textOf(end.text)).toContain('partner.example');
    expect(await session.poll()).toMatchObject({ state: 'approved' });
    expect(await next(room)).toBe('go');
    const atMicrosoft = world.microsoft.requests.length;
    const done = await goThroughMicrosoft(page.browser, await goOn(await page.browser.visit(room.url)), { account: 'nobody is asked' });
    expect(textOf(done.text)).toContain('Your calendar is connected');
    expect(world.microsoft.requests.length).toBeGreaterThan(atMicrosoft);
    const { code, ...status } = await session.poll();
    expect(status).toMatchObject({ state: 'connected' });
    expect((await session.exchange(code)).body).toMatchObject({ provider: 'microsoft', access_mode: 'full', name: AMIRA_AT_WORK });
  });

  it('goes on by a probe where the approval was given in Entra, which tells nobody', async () => {
    const room = await waiting();
    world.microsoft.approve({ tenant: 'partner.example', clientId: MICROSOFT_CLIENT.clientId });
    world.clock.pass({ minutes: 1 });
    expect(await next(room)).toBe('probe');
    const form = await page.browser.visit(room.url);
    const onward = await page.browser.postFrom(undefined, room.url, {});
    expect(onward.status).toBe(403);
    const probing = await probe(form);
    expect(onwardLink(probing.text)).toContain('prompt=none');
    expect(textOf((await page.browser.visit(onwardLink(probing.text) ?? '')).text)).toContain('Your calendar is connected');
  });

  it('hears nothing of a probe that leads nowhere, and the next one is later', async () => {
    const room = await waiting();
    const { version } = await session.poll();
    world.clock.pass({ minutes: 1 });
    const probing = await probe(await page.browser.visit(room.url));
    const back = await page.browser.visit(onwardLink(probing.text) ?? '');
    expect(textOf(back.text)).toContain('An administrator of partner.example has to allow this');
    expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin', version });
    world.clock.pass({ minutes: 1, seconds: 59 });
    const again = await probe(await page.browser.visit(room.url));
    expect(onwardLink(again.text)).toBeUndefined();
    world.clock.pass({ seconds: 1 });
    expect(onwardLink((await probe(await page.browser.visit(room.url))).text)).toContain('prompt=none');
  });

  it('waits again where the provider still says no', async () => {
    const room = await waiting();
    world.microsoft.set({ adminConsentLagMs: 600_000 });
    await approve(await linkForAdministrator());
    expect(await session.poll()).toMatchObject({ state: 'approved' });
    const back = await goThroughMicrosoft(page.browser, await goOn(await page.browser.visit(room.url)), { account: AMIRA_AT_WORK });
    expect(textOf(back.text)).toContain('it can take some minutes');
    expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin' });
  });

  it('can change their mind', async () => {
    const end = await page.browser.submit(await waiting(), { press: 'I changed my mind' });
    expect(textOf(end.text)).toContain('Nothing was connected');
    expect(await session.poll()).toMatchObject({ state: 'declined' });
  });

  it('comes back by the address of the page weeks later, in the same browser', async () => {
    const room = await waiting();
    world.clock.pass({ hours: 24 * 27 });
    expect(textOf((await page.browser.visit(room.url)).text)).toContain('An administrator of partner.example has to allow this');
    expect(room.headers.getSetCookie().join()).toContain(`Max-Age=${28 * 24 * 3600}`);
  });

  it('learns in another browser where it goes on, and nothing else', async () => {
    const room = await waiting();
    const elsewhere = await world.browser().visit(room.url);
    expect(textOf(elsewhere.text)).toContain('in another browser');
    for (const secret of [AMIRA_AT_WORK, await linkForAdministrator()]) expect(elsewhere.text).not.toContain(secret);
  });

  it('says so by the element where the provider’s page told them and never came back', async () => {
    await session.start(FULL);
    const said = await session.sayApprovalNeeded({ email: AMIRA_AT_WORK });
    expect(said).toMatchObject({ status: 200, body: { state: 'waiting_for_admin', admin_approval: { organisation: 'partner.example' } } });
    await approve(await linkForAdministrator());
    expect(await session.poll()).toMatchObject({ state: 'approved' });
    const end = await goThroughMicrosoft(page.browser, await session.start(FULL), { account: AMIRA_AT_WORK });
    expect(textOf(end.text)).toContain('Your calendar is connected');
  });

  it('is asked for the organisation in a window opened again, where nobody has said it', async () => {
    await session.start(FULL);
    await session.sayApprovalNeeded();
    const room = await session.start(FULL);
    expect(textOf(room.text)).toContain('Which organisation has to allow this?');
    const named = await page.browser.submit(room, { press: 'Continue', type: { email: AMIRA_AT_WORK } });
    expect(textOf(named.text)).toContain('An administrator of partner.example has to allow this');
  });

  it('cannot wait for Google, for nothing, or after the end', async () => {
    expect(await session.sayApprovalNeeded()).toMatchObject({ status: 409, body: { error: 'approval_not_applicable' } });
    await session.start({ provider: 'google', accessMode: 'full' });
    expect(await session.sayApprovalNeeded()).toMatchObject({ status: 409, body: { error: 'approval_not_applicable' } });
    await session.start(FULL);
    await session.cancel();
    expect(await session.sayApprovalNeeded()).toMatchObject({ status: 409, body: { error: 'session_ended' } });
  });

  it.each([
    ['@', 400, 'invalid_request'],
    ['x@nowhere.example', 400, 'organisation_unknown'],
    ['x@outlook.com', 409, 'approval_not_applicable'],
  ])('is told by the element what is wrong with %s', async (email, status, error) => {
    await session.start(FULL);
    expect(await session.sayApprovalNeeded({ email })).toMatchObject({ status, body: { error } });
  });

  it('keeps to what they wait for', async () => {
    await waiting();
    const other = await session.start({ provider: 'microsoft', accessMode: 'free_busy' });
    expect([other.status, textOf(other.text)]).toEqual([400, expect.stringContaining('cancel it to choose others')]);
  });
});

describe('an administrator', () => {
  it('reads who asks for what, and what to paste', async () => {
    await waiting();
    const asked = await world.browser().visit(await linkForAdministrator());
    for (const said of ['Planner', AMIRA_AT_WORK, 'partner.example', MICROSOFT_CLIENT.clientId, 'Calendars.ReadWrite']) {
      expect(asked.text).toContain(said);
    }
    expect(asked.headers.get('referrer-policy')).toBe('same-origin');
  });

  it('of the organisation itself is asked by its own address', async () => {
    await waiting();
    const browser = world.browser();
    const onward = await browser.submit(await browser.visit(await linkForAdministrator()), { press: 'Go on to Microsoft' });
    const tenant = world.microsoft.tenants.find(({ domain }) => domain === 'partner.example');
    expect(new URL(onwardLink(onward.text) ?? '').pathname).toBe(`/${tenant?.id}/v2.0/adminconsent`);
  });

  it('lets every colleague go on who waits for the same', async () => {
    await waiting();
    const colleague = openPage(world);
    const theirs = await colleague.mint();
    const room = await goThroughMicrosoft(colleague.browser, await theirs.start(FULL), { account: AMIRA_AT_WORK });
    await colleague.browser.submit(room, { press: 'Continue', type: { email: 'somebody@partner.example' } });
    await approve(await linkForAdministrator());
    expect([(await session.poll()).state, (await theirs.poll()).state]).toEqual(['approved', 'approved']);
  });

  it('who declines leaves the session waiting, and it says so', async () => {
    await waiting();
    const end = await approve(await linkForAdministrator(), NOOR_ADMINISTRATOR, 'Cancel');
    expect(textOf(end.text)).toContain('allow');
    expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin', admin_approval: { decision: 'declined' } });
    await approve(await linkForAdministrator());
    expect(await session.poll()).toMatchObject({ state: 'approved' });
  });

  it('is not believed by the tenant that the answer names', async () => {
    await waiting();
    world.microsoft.set({ forgedTenant: 'ffffffff-0000-4000-8000-000000000000' });
    await approve(await linkForAdministrator());
    expect(await session.poll()).toMatchObject({ state: 'approved' });
  });

  it('whose id token is not to be believed has approved nothing, whatever the answer says', async () => {
    await waiting();
    world.microsoft.set({ idTokenFault: 'issuer_of_other_tenant' });
    const browser = world.browser();
    const end = await goThroughMicrosoft(browser, await browser.visit(forgedApproval(await linkForAdministrator())), {
      account: NOOR_ADMINISTRATOR,
    });
    expect(end.status).toBe(403);
    expect(world.log).toContainEqual(expect.objectContaining({ event: 'admin_unproven', hint: expect.stringContaining('issuer') }));
    expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin' });
  });

  it('is of the organisation that they prove where none was named, and only who is of it goes on', async () => {
    await turnedAway();
    const colleague = openPage(world);
    const theirs = await colleague.mint();
    const room = await goThroughMicrosoft(colleague.browser, await theirs.start(FULL), { account: MIKA });
    await colleague.browser.submit(room, { press: 'Continue', type: { email: MIKA } });
    await approve(await linkForAdministrator());
    expect([(await session.poll()).state, (await theirs.poll()).state]).toEqual(['approved', 'waiting_for_admin']);
  });

  it('who proves themselves in another browser than the one that set out is not heard', async () => {
    await waiting();
    const link = await linkForAdministrator();
    const browser = world.browser();
    const toProof = await browser.stoppingBefore('http://127.0.0.1').visit(forgedApproval(link));
    const stopping = browser.stoppingBefore(`${world.publicUrl}/connect/callback`);
    const proof = await goThroughMicrosoft(stopping, await stopping.visit(toProof.url), { account: NOOR_ADMINISTRATOR });
    expect(proof.url.searchParams.get('code')).not.toBeNull();
    const elsewhere = await world.browser().visit(proof.url);
    expect(elsewhere.status).toBe(400);
    expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin' });
    // Nothing was burnt by it.
    await browser.visit(proof.url);
    expect(await session.poll()).toMatchObject({ state: 'approved' });
  });

  it.each([['error=access_denied'], ['error=consent_required&error_description=AADSTS65004'], ['error=invalid_request']])(
    'who comes back with admin_consent=True and %s has approved nothing',
    async (error) => {
      await waiting();
      const link = await linkForAdministrator();
      const state = link.slice(link.lastIndexOf('/') + 1);
      const end = await world.browser().visit(`${world.publicUrl}/connect/callback/microsoft?admin_consent=True&${error}&state=${state}`);
      expect(onwardLink(end.text)).toBeUndefined();
      expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin' });
    },
  );

  it('with a link that is unknown or altered is told so', async () => {
    await waiting();
    const link = await linkForAdministrator();
    const altered = link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A');
    for (const address of [altered, `${world.publicUrl}/connect/approve/x`]) {
      expect((await world.browser().visit(address)).status).toBe(404);
    }
  });
});

describe('a person whom the partner’s server named', () => {
  it('goes on in another browser with what they wait for already', async () => {
    const partner = createPartnerServer(world);
    const minted = await partner.mint({ end_user: { id: 'user-17', name: 'Amira' } });
    session = await page.claim(minted.session);
    const confirmed = await page.browser.submit(await session.start(FULL), { press: 'Continue' });
    await goThroughMicrosoft(page.browser, confirmed, { account: AMIRA_AT_WORK });
    await session.sayApprovalNeeded({ email: AMIRA_AT_WORK });
    expect((await partner.session(minted.id)).body).toMatchObject({
      state: 'waiting_for_admin',
      admin_approval: { organisation: 'partner.example', url: expect.any(String) },
    });
    const later = await partner.mint({ end_user: 'user-17' });
    const elsewhere = await openPage(world).claim(later.session);
    expect(elsewhere).toMatchObject({ state: 'waiting_for_admin' });
    await approve((await elsewhere.poll()).admin_approval?.url ?? '');
    expect([(await elsewhere.poll()).state, (await session.poll()).state]).toEqual(['approved', 'approved']);
  });
});

/** The answer of the approval page as anybody can type it. */
function forgedApproval(link: string): URL {
  const forged = new URL(`${world.publicUrl}/connect/callback/microsoft`);
  const tenant = world.microsoft.tenants.find(({ domain }) => domain === 'partner.example');
  forged.search = String(
    new URLSearchParams({ admin_consent: 'True', tenant: tenant?.id ?? '', state: link.slice(link.lastIndexOf('/') + 1) }),
  );
  return forged;
}

/** What the script does when it is told to look: its form, with another choice than its buttons have. */
async function probe(room: Screen): Promise<Screen> {
  return page.browser.submit({ ...room, text: room.text.replaceAll('value="continue"', 'value="probe"') }, { press: 'Try again now' });
}
