import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Screen } from './support/browser.ts';
import { createMeetingWorld, type MeetingPartner, meetingPartner, type MeetingWorld, serviceNamed } from './support/conferencing.ts';
import { onwardLink, textOf } from './support/html.ts';
import { authorizedCode, createPartnerServer } from './support/partner-server.ts';
import { AMIRA, CALLBACK, JONAS } from './support/world.ts';

let world: MeetingWorld;
let partner: MeetingPartner;
let accessToken: string;

beforeEach(async () => {
  world = await createMeetingWorld();
  accessToken = await connectCalendar(AMIRA);
  partner = meetingPartner(world, accessToken);
});
afterEach(() => world.close());

const zoom = serviceNamed('zoom');
const LINK_IS_OVER = 'This link is over';
const NOT_CURRENT = 'This page is no longer current';

async function connectCalendar(account: string): Promise<string> {
  const code = await authorizedCode(world, {}, { account });
  return (await createPartnerServer(world).redeem(code, { redirect_uri: CALLBACK })).body.access_token;
}

/** The page that asks the person, in a browser of their own. */
async function asked(body: object = { provider_name: 'zoom' }) {
  const browser = world.browser();
  return { browser, page: await browser.visit(await partner.link(body)) };
}

/** The first heading of a page, or where the browser came to outside of the world. */
function shown({ status, text, url }: Screen): string {
  return status === 0 ? url.href : textOf(/<h1>([\s\S]*?)<\/h1>/.exec(text)?.[1] ?? '');
}

describe('a link', () => {
  it('holds no access token, leaves the address bar, and is told to nobody', async () => {
    const link = await partner.link({ provider_name: 'zoom' });
    expect(link).toMatch(/^https:\/\/connect\.partner\.example\/conferencing_services\/ses_[0-9a-f]{24}\?ticket=[\w-]{43}$/);
    expect(link).not.toContain(accessToken);
    const page = await world.browser().visit(link);
    expect(page.url.search).toBe('');
    expect([page.headers.get('referrer-policy'), page.headers.get('cache-control')]).toEqual(['same-origin', 'no-store']);
    expect(JSON.stringify(world.log)).not.toContain(new URL(link).searchParams.get('ticket'));
  });

  it('opens once, in one browser, which may go back to it', async () => {
    const link = await partner.link({ provider_name: 'zoom' });
    const browser = world.browser();
    await browser.visit(link);
    for (const address of [link, link.replace(/\?.*/, '')]) {
      const elsewhere = await world.browser().visit(address);
      expect([elsewhere.status, shown(elsewhere)]).toEqual([403, LINK_IS_OVER]);
      expect(shown(await browser.visit(address))).toBe('Connect Zoom to Planner');
    }
  });

  it('opens within an hour', async () => {
    const link = await partner.link();
    world.clock.pass({ minutes: 60 });
    expect(shown(await world.browser().visit(link))).toBe(LINK_IS_OVER);
  });

  it('opens with no other ticket', async () => {
    const link = await partner.link();
    for (const address of [`${link.slice(0, -1)}_`, `${link.replace(/\?.*/, '')}?ticket=`, link.replace(/ses_\w{4}/, 'ses_0000')]) {
      expect(shown(await world.browser().visit(address))).toBe(LINK_IS_OVER);
    }
    expect(shown(await world.browser().visit(link))).toBe('Connect a meeting service to Planner');
  });

  it('is not used up by a scanner that only asks what is there, nor by a browser that guesses', async () => {
    const link = await partner.link();
    const path = link.slice(world.publicUrl.length);
    expect((await world.request(path, { method: 'HEAD' })).status).toBe(200);
    expect((await world.request(path, { headers: { 'sec-purpose': 'prefetch;prerender' } })).status).toBe(503);
    expect((await world.browser().visit(link)).status).toBe(200);
  });

  it('that somebody sends to somebody else names its own account, and connects nothing before a click', async () => {
    const attacker = meetingPartner(world, await connectCalendar(JONAS));
    const victim = world.browser();
    const page = await victim.visit(await attacker.link({ provider_name: 'zoom' }));
    expect(textOf(page.text)).toContain(`This is for the account of ${JONAS} at Planner. Go on only if that is you.`);
    expect(world.zoom.requests).toEqual([]);
    await victim.submit(page, { press: 'Cancel' });
    expect(await attacker.profiles()).toEqual([]);
  });

  it('is made at most 120 times a minute for one account', async () => {
    const statuses: number[] = [];
    for (let made = 0; made < 121; made += 1) statuses.push((await partner.authorize()).status);
    expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([120, 429]);
  });
});

describe('the form', () => {
  it('is taken once, from the browser that was shown it, with its ticket', async () => {
    const { browser, page } = await asked();
    const ticket = /name="ticket" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const fields = { ticket, provider: 'zoom', choice: 'continue' };
    expect(shown(await world.browser().postFrom('https://evil.example', page.url, fields))).toBe(NOT_CURRENT);
    expect(shown(await browser.postFrom('https://evil.example', page.url, fields))).toBe(NOT_CURRENT);
    const forged: Screen = { ...page, text: page.text.replace(ticket, 'x'.repeat(43)) };
    expect(shown(await browser.submit(forged, { press: 'Continue' }))).toBe(NOT_CURRENT);
    expect(onwardLink((await browser.submit(page, { press: 'Continue' })).text)).toContain('/oauth/authorize');
    expect(shown(await browser.submit(page, { press: 'Continue' }))).toBe(NOT_CURRENT);
  });

  it('goes to no service that the link did not name, and to no calendar', async () => {
    const { browser, page } = await asked();
    let at = page;
    for (const provider of ['webex', 'google', 'none', '']) {
      at = await browser.submit(at, { press: 'Continue', type: { provider } });
      expect([shown(at), onwardLink(at.text)]).toEqual(['Connect Zoom to Planner', undefined]);
    }
  });

  it('is worth nothing where calendars are connected, and gives no code there', async () => {
    const { browser, page } = await asked();
    const id = page.url.pathname.split('/').at(-1);
    const elsewhere = (path: string): Screen => ({
      ...page,
      text: page.text.replaceAll(/action="[^"]*"/g, `action="${world.publicUrl}${path}"`),
    });
    for (const path of [`/connect/start/${id}/confirm`, `/oauth/authorize/${id}`]) {
      const answered = await browser.submit(elsewhere(path), { press: 'Continue' });
      expect([path, onwardLink(answered.text), answered.url.origin]).toEqual([path, undefined, world.publicUrl]);
    }
    expect((await world.request(`/connect/start/${id}?ticket=x`)).status).toBe(403);
  });

  it('escapes what an application calls itself', async () => {
    const other = await world.register({ name: '<img src=x onerror=alert(1)>' });
    const at = { ...world, application: other };
    const { body } = await createPartnerServer(at).redeem(await authorizedCode(at), { redirect_uri: CALLBACK });
    const page = await world.browser().visit(await meetingPartner(at, body.access_token).link());
    expect(page.text).not.toContain('<img');
    expect(page.text).toContain('&lt;img');
  });
});

describe('the way back from the service', () => {
  /** As far as the callback, which is not visited. */
  async function atCallback() {
    const { browser, page } = await asked();
    const stopping = browser.stoppingBefore(world.publicUrl);
    const { url } = await zoom.through(stopping, await browser.submit(page, { press: 'Continue' }));
    return { browser, url };
  }

  it('is for the browser that set out, and uses nothing up elsewhere', async () => {
    const { browser, url } = await atCallback();
    expect(shown(await world.browser().visit(url))).toBe('This link belongs to another browser');
    expect(await partner.profiles()).toEqual([]);
    expect((await browser.visit(url)).url.href.replace(/#$/, '')).toBe(CALLBACK);
    expect(await partner.profiles()).toHaveLength(1);
  });

  it('is that of its own service', async () => {
    const { browser, url } = await atCallback();
    for (const other of ['webex', 'google', 'google_meet']) {
      const mixed = url.href.replace('/callback/zoom', `/callback/${other}`);
      expect(shown(await browser.visit(mixed))).toBe('This link is not, or no longer, valid');
    }
    expect(await partner.profiles()).toEqual([]);
  });

  it('ends at the redirect URI as often as the page is loaded again, with no code ever, and nowhere for others', async () => {
    const { browser, url } = await atCallback();
    const id = /ses_\w+/.exec(browser.cookiesFor(url))?.[0] ?? '';
    await browser.visit(url);
    for (const path of [`/connect/relay/${id}`, `/conferencing_services/${id}/end`, `/conferencing_services/${id}`]) {
      expect((await browser.visit(world.publicUrl + path)).url.href.replace(/#$/, '')).toBe(CALLBACK);
      expect((await world.browser().visit(world.publicUrl + path)).status).toBe(403);
    }
    expect((await browser.visit(url)).url.href.replace(/#$/, '')).toBe(CALLBACK);
    expect(await partner.profiles()).toHaveLength(1);
  });

  it('leads to another try only where it failed, in the same browser, within four hours', async () => {
    world.zoom.addFault({ group: 'token', status: 503 });
    const { browser, url } = await atCallback();
    const failed = await browser.visit(url);
    expect(shown(failed)).toBe('Zoom did not answer.');
    const again = new URL(/action="([^"]*)"/.exec(failed.text)?.[1] ?? '');
    expect(shown(await world.browser().postFrom(undefined, again, {}))).toBe(NOT_CURRENT);
    expect(shown(await browser.postFrom('https://evil.example', again, {}))).toBe(NOT_CURRENT);
    expect(onwardLink((await browser.submit(failed, { press: 'Try again' })).text)).toContain('/oauth/authorize');
    const other = await asked();
    const begun = { ...other.page, text: failed.text.replace(again.pathname, `${other.page.url.pathname}/again`) };
    expect(shown(await other.browser.submit(begun, { press: 'Try again' }))).toBe(NOT_CURRENT);
    world.clock.pass({ hours: 4 });
    expect(shown(await browser.submit(failed, { press: 'Try again' }))).toBe(NOT_CURRENT);
  });
});

it('keeps every secret out of the log', async () => {
  world.zoom.addFault({ group: 'api', status: 500, times: 1 });
  await partner.connect(zoom);
  await partner.connect(zoom);
  const log = JSON.stringify(world.log);
  expect(world.log.length).toBeGreaterThan(0);
  for (const secret of [accessToken, 'operators-very-secret', AMIRA, 'ticket']) expect(log).not.toContain(secret);
});
