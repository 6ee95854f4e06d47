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
    for (const origin of [undefined, 'https://evil.example']) {
      expect((await page.browser.postFrom(origin, room.url, { choice: 'continue' })).status).toBe(403);
    }
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

  it('is looked for at the provider after an administrator said no, too, and never without a pause', async () => {
    const room = await waiting();
    await approve(await linkForAdministrator(), NOOR_ADMINISTRATOR, 'Cancel');
    expect((await session.poll()).admin_approval).toMatchObject({ decision: 'declined' });
    const { version } = await session.poll();
    world.clock.pass({ minutes: 20 });
    expect(await next(room, version)).toBe('probe');
    const back = await page.browser.visit(onwardLink((await probe(await page.browser.visit(room.url))).text) ?? '');
    world.clock.pass({ seconds: 30 });
    expect([textOf(back.text), (await session.poll()).version]).toEqual([expect.stringContaining('did not allow it'), version]);
    const again = await probe(await page.browser.visit(room.url));
    expect(onwardLink(again.text)).toBeUndefined();
  });

  it.each([53003, 50105, 50020, 700016, 7000222])(
    'loses nothing by a look at the provider that ends with AADSTS%s',
    async (callbackError) => {
      const room = await waiting();
      world.clock.pass({ minutes: 1 });
      world.microsoft.addFault({ group: 'authorize', aadsts: callbackError, times: 1 });
      await page.browser.visit(onwardLink((await probe(await page.browser.visit(room.url))).text) ?? '');
      expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin' });
    },
  );

  it('loses nothing by an error of the operator’s, and learns why when they try themselves and it is another', async () => {
    const room = await waiting();
    world.microsoft.approve({ tenant: 'partner.example', clientId: MICROSOFT_CLIENT.clientId });
    world.microsoft.setFor(AMIRA_AT_WORK, { tokenError: 7000222 });
    await goThroughMicrosoft(page.browser, await goOn(room), { account: AMIRA_AT_WORK });
    expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin' });
    expect(world.log.at(-1)).toMatchObject({ level: 'error', event: 'connect_provider_misconfigured' });
    world.microsoft.setFor(AMIRA_AT_WORK, { tokenError: 53003 });
    await goThroughMicrosoft(page.browser, await goOn(await page.browser.visit(room.url)), { account: AMIRA_AT_WORK });
    expect(await session.poll()).toMatchObject({ state: 'failed', reason: 'admin_policy_enforced', failure_code: 'AADSTS53003' });
  });

  it('is not disturbed at the provider by the other window', async () => {
    const room = await waiting();
    world.microsoft.approve({ tenant: 'partner.example', clientId: MICROSOFT_CLIENT.clientId });
    const own = await session.start(FULL);
    world.clock.pass({ minutes: 1 });
    const current = await page.browser.visit(room.url);
    expect(onwardLink((await probe(current)).text)).toBeUndefined();
    expect(textOf((await goThroughMicrosoft(page.browser, own, { account: AMIRA_AT_WORK })).text)).toContain('Your calendar is connected');
  });

  it('goes on from any of two windows, however often the other one is loaded', async () => {
    const room = await waiting();
    await approve(await linkForAdministrator());
    const [first] = await Promise.all([page.browser.visit(room.url), page.browser.visit(room.url)]);
    await page.browser.visit(room.url);
    expect(onwardLink((await goOn(first)).text)).toContain('/authorize');
  });

  it('changes nothing by an address that is none, or a personal one', async () => {
    await session.start(FULL);
    for (const email of ['@', 'x@outlook.com', 'x@nowhere.example', 'x\u202Ey@partner.example']) await session.sayApprovalNeeded({ email });
    expect(await session.poll()).toMatchObject({ state: 'at_provider' });
  });

  it('is asked which organisation it is where an administrator has proven one that nobody named, and the provider still says no', async () => {
    const room = await turnedAway();
    world.microsoft.set({ adminConsentLagMs: 600_000 });
    await approve(await linkForAdministrator());
    const back = await goThroughMicrosoft(page.browser, await goOn(await page.browser.visit(room.url)), { account: AMIRA_AT_WORK });
    expect(textOf(back.text)).toContain('Which organisation has to allow this?');
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
    const end = await approve(await linkForAdministrator());
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
    const stopping = browser.stoppingBefore(`${world.publicUrl}/connect/callback`);
    const asked = await browser.submit(await browser.visit(link), { press: 'Go on to Microsoft' });
    const answer = await goThroughMicrosoft(stopping, asked, { account: NOOR_ADMINISTRATOR });
    expect(answer.url.searchParams.get('admin_consent')).toBe('True');
    expect((await world.browser().visit(answer.url)).status).toBe(400);
    const toProof = await browser.stoppingBefore(world.microsoftUrl).visit(answer.url);
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

  it('is nobody who only has the link: the answer of the approval page as anybody can type it leads back to the question', async () => {
    await waiting();
    const link = await linkForAdministrator();
    for (const browser of [world.browser(), page.browser]) {
      const end = await browser.visit(forgedApproval(link));
      expect([end.url.href, textOf(end.text)]).toEqual([`${link}?returned`, expect.stringContaining('If you have just allowed it')]);
    }
    expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin' });
  });

  it('is nobody who may not consent: a person of the organisation who opens their own link is turned away, and has said no in nobody’s name', async () => {
    await waiting();
    await approve(await linkForAdministrator(), AMIRA_AT_WORK);
    const { state, admin_approval } = await session.poll();
    expect([state, admin_approval?.decision]).toEqual(['waiting_for_admin', undefined]);
  });

  it('who proves to be of the organisation and not that it is allowed there has approved nothing', async () => {
    await waiting();
    const browser = world.browser();
    const asked = await browser.submit(await browser.visit(await linkForAdministrator()), { press: 'Go on to Microsoft' });
    const state = new URL(onwardLink(asked.text) ?? '').searchParams.get('state');
    const proving = await browser.visit(`${world.publicUrl}/connect/callback/microsoft?admin_consent=True&state=${state}`);
    await goThroughMicrosoft(browser, proving, { account: AMIRA_AT_WORK });
    expect(await session.poll()).toMatchObject({ state: 'waiting_for_admin' });
  });

  it('sees by the link what became of it', async () => {
    await waiting();
    const link = await linkForAdministrator();
    await approve(link);
    await goThroughMicrosoft(page.browser, await session.start(FULL), { account: AMIRA_AT_WORK });
    const end = await world.browser().visit(link);
    expect(textOf(end.text)).toContain('Planner is allowed at partner.example');
    expect(end.text).not.toContain(AMIRA_AT_WORK);
  });

  it('has nothing to decide any longer where the person gave up', async () => {
    await waiting();
    const link = await linkForAdministrator();
    await session.cancel();
    expect((await world.browser().visit(link)).status).toBe(404);
  });

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
    // Connected in one window, they wait in none, and a later session of theirs begins anew.
    const again = openPage(world);
    const here = await again.claim((await partner.mint({ end_user: 'user-17' })).session);
    const confirmedHere = await again.browser.submit(await here.start(FULL), { press: 'Continue' });
    await goThroughMicrosoft(again.browser, confirmedHere, { account: AMIRA_AT_WORK });
    expect([(await here.poll()).state, (await elsewhere.poll()).state, (await session.poll()).state]).toEqual([
      'connected',
      'cancelled',
      'cancelled',
    ]);
    expect(await openPage(world).claim((await partner.mint({ end_user: 'user-17' })).session)).toMatchObject({ state: 'created' });
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
