import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callbackFromGoogle, goThroughGoogle } from './support/consent.ts';
import { formOf, textOf } from './support/html.ts';
import { openPage, type PageSession, type PartnerPage } from './support/partner-page.ts';
import { createWorld, PAGE_ORIGIN, type World } from './support/world.ts';

let world: World;
let page: PartnerPage;
let session: PageSession;

beforeEach(async () => {
  world = await createWorld();
  page = openPage(world);
  session = await page.mint();
});
afterEach(() => world.close());

describe('the form that opens the popup', () => {
  it('leads on to Google with a page, never with a redirect off our origin', async () => {
    const answer = await session.start();
    expect([answer.status, answer.url.pathname]).toEqual([200, `/connect/start/${session.id}`]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(textOf(answer.text)).toContain('Go on to Google');
    expect(answer.text).not.toContain(session.secret);
  });

  it('may be sent again for the same choice, and the person may end in either window', async () => {
    const first = await callbackFromGoogle(page.browser, await session.start());
    await session.start();
    expect(textOf((await page.browser.visit(first)).text)).toContain('Your calendar is connected');
    expect(world.askedGoogle('/token')).toBe(1);
  });

  it('goes on with one trip in one browser only: the one that sent it last', async () => {
    const first = await callbackFromGoogle(page.browser, await session.start());
    const other = openPage(world).browser;
    await other.postFrom(PAGE_ORIGIN, `${world.publicUrl}/connect/start/${session.id}`, {
      secret: session.secret,
      provider: 'google',
      access_mode: 'full',
    });
    expect(textOf((await page.browser.visit(first)).text)).toContain('This link belongs to another browser');
    expect(world.askedGoogle('/token')).toBe(0);
  });

  it('may be sent again for another choice, and then only the newest trip can come back', async () => {
    const first = await callbackFromGoogle(page.browser, await session.start({ accessMode: 'free_busy' }));
    const second = await session.start({ accessMode: 'full' });
    expect(textOf((await page.browser.visit(first)).text)).toContain('Go on in the other window');
    expect(world.askedGoogle('/token')).toBe(0);
    expect(textOf((await goThroughGoogle(page.browser, second)).text)).toContain('Your calendar is connected');
  });

  it('is refused from a foreign origin, and ties no browser to the session', async () => {
    const attacker = openPage(world).browser;
    const answer = await attacker.postFrom('https://elsewhere.example', `${world.publicUrl}/connect/start/${session.id}`, {
      secret: session.secret,
      provider: 'google',
      access_mode: 'full',
    });
    expect(answer.status).toBe(403);
    expect(textOf(answer.text)).toContain('This window was opened by another page');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await session.poll()).state).toBe('created');
  });

  it.each([
    ['a wrong secret', { secret: 'wrong', provider: 'google', access_mode: 'full' }, 404],
    ['no secret', { provider: 'google', access_mode: 'full' }, 404],
    ['a provider that is not offered', { provider: 'icloud', access_mode: 'full' }, 400],
    ['an access mode that is not offered', { provider: 'google', access_mode: 'no_access' }, 400],
    ['no choice', {}, 400],
  ])('is refused with %s', async (_what, fields: Record<string, string>, status) => {
    const secret = status === 404 ? {} : { secret: session.secret };
    const answer = await page.browser.postFrom(PAGE_ORIGIN, `${world.publicUrl}/connect/start/${session.id}`, { ...secret, ...fields });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch('text/html');
  });

  it('is refused when the session has ended', async () => {
    await session.cancel();
    expect((await session.start()).status).toBe(409);
    const old = await page.mint();
    world.clock.pass({ hours: 1 });
    expect((await old.start()).status).toBe(409);
  });
});

describe('a page whose forms carry no origin', () => {
  it.each([['null'], [undefined]])('has to prove itself to the popup before the session goes on (Origin %s)', async (origin) => {
    const question = await session.start({}, { origin });
    expect(textOf(question.text)).toContain('Checking that Planner opened this window');
    expect(question.text).toContain(`data-origin="${PAGE_ORIGIN}"`);
    expect(question.text).toMatch(/data-nonce="[\w-]{43}"/);
    expect((await session.poll()).state).toBe('created');

    const onward = await page.browser.submit(question);
    expect(textOf((await goThroughGoogle(page.browser, onward)).text)).toContain('Your calendar is connected');
  });

  it('goes no further without the proof: nothing on the page leads on by itself', async () => {
    const question = await session.start({}, { origin: 'null' });
    expect(question.text).not.toContain('id="onward"');
    expect(formOf(question.text).buttons).toEqual([]);
  });

  it('cannot send the proof twice (A10)', async () => {
    const question = await session.start({}, { origin: 'null' });
    await page.browser.submit(question);
    expect((await page.browser.submit(question)).status).toBe(403);
  });

  it('cannot send a proof from another browser, or with another ticket (A10, A12)', async () => {
    const question = await session.start({}, { origin: 'null' });
    expect((await openPage(world).browser.submit(question)).status).toBe(403);
    const forged = { ...question, text: question.text.replace(/(name="ticket" value=")[^"]*/, '$1guessed') };
    expect((await page.browser.submit(forged)).status).toBe(403);
    expect((await session.poll()).state).toBe('created');
  });

  it('ends the trip that was under way: what comes back of it is not taken for the new choice', async () => {
    const first = await callbackFromGoogle(page.browser, await session.start({ accessMode: 'full' }));
    await session.start({ accessMode: 'free_busy' }, { origin: 'null' });
    await page.browser.visit(first);
    expect(world.askedGoogle('/token')).toBe(0);
  });
});

it('says that the address of a popup connects nothing by itself', async () => {
  const answer = await page.browser.visit(`${world.publicUrl}/connect/start/${session.id}`);
  expect(answer.status).toBe(400);
  expect(textOf(answer.text)).toContain('This link does not connect a calendar');
});
