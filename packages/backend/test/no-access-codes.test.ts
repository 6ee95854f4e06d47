import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from './support/html.ts';
import {
  ADDRESS,
  codeIn,
  createNoAccessWorld,
  NO_ACCESS,
  type NoAccessWorld,
  otherThan,
  typeAddress,
  typeCode,
} from './support/no-access.ts';
import { authorizePath } from './support/partner-server.ts';

let here: NoAccessWorld;
beforeEach(async () => {
  here = await createNoAccessWorld();
});
afterEach(() => here.close());

const minutes = (n: number) => here.world.clock.pass({ minutes: n });

describe('a code', () => {
  it('that is wrong costs one of five tries; after them the right one is worth nothing, and a new one is', async () => {
    const proving = await here.beginWith();
    const code = await here.codeOfMail();
    let page = proving.codeForm;
    for (const left of [4, 3, 2]) {
      page = await typeCode(proving, page, otherThan(code));
      expect(textOf(page.text)).toContain(`This is not the code. Only the one in the newest mail counts. You have ${left} tries left.`);
    }
    page = await typeCode(proving, page, otherThan(code));
    expect(textOf(page.text)).toContain('You have one try left.');
    expect(page.text).toContain('aria-describedby="code-problem code-hint"');
    page = await typeCode(proving, page, otherThan(code));
    expect(textOf(page.text)).toContain('A wrong code was entered five times');
    expect(page.text).not.toContain('name="code"');
    // Somebody sends the form all the same.
    const forged = page.text.replace('</form>', '<input name="code" value=""></form>').replace('value="resend"', 'value="check"');
    const sent = await proving.browser.submit({ ...page, text: forged }, { type: { code } });
    expect(textOf(sent.text)).not.toContain('connected');
    expect(await proving.session.poll()).toMatchObject({ state: 'needs_credentials' });
    const again = await proving.browser.submit(sent, { press: 'Send a new code' });
    expect(textOf(again.text)).toContain('A new code was sent. The former one no longer counts.');
    await typeCode(proving, again, await here.codeOfMail(2));
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('may be right at the fifth try', async () => {
    const proving = await here.beginWith();
    const code = await here.codeOfMail();
    let page = proving.codeForm;
    for (let n = 1; n <= 4; n += 1) page = await typeCode(proving, page, otherThan(code, n));
    await typeCode(proving, page, code);
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('that is none costs no try', async () => {
    const proving = await here.beginWith();
    let page = proving.codeForm;
    for (const text of ['', '12345', 'abcdef', '1234567']) {
      page = await typeCode(proving, page, text);
      expect(textOf(page.text)).toContain('The code has six digits.');
      expect(textOf(page.text)).toContain('You have 5 tries left.');
    }
  });

  it('has expired after ten minutes; a new one goes to the same address', async () => {
    const proving = await here.beginWith();
    const code = await here.codeOfMail();
    minutes(10);
    const page = await typeCode(proving, proving.codeForm, code);
    expect(textOf(page.text)).toContain('The code was valid for ten minutes, and they are over.');
    const again = await proving.browser.submit(page, { press: 'Send a new code' });
    await typeCode(proving, again, await here.codeOfMail(2));
    expect(here.server().mails[1]?.to).toEqual([ADDRESS]);
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('is worth nothing once a newer one was sent', async () => {
    const proving = await here.beginWith();
    const first = await here.codeOfMail();
    const page = await proving.browser.submit(proving.codeForm, { press: 'Send a new code' });
    const second = await here.codeOfMail(2);
    expect(new Set(here.server().mails.map(({ headers }) => headers['message-id']?.[0])).size).toBe(2);
    const after = await typeCode(proving, page, first === second ? otherThan(first) : first);
    expect(textOf(after.text)).toContain('This is not the code.');
    await typeCode(proving, after, second);
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('can be typed in the browser that asked for it alone', async () => {
    const proving = await here.beginWith();
    const code = await here.codeOfMail();
    const other = here.world.browser();
    for (const path of ['', '/code']) {
      const seen = await other.visit(`${proving.form.url.href}${path}`);
      expect(seen.status).toBe(403);
      expect(seen.text).not.toContain(ADDRESS);
    }
    const sent = await typeCode({ browser: other }, proving.codeForm, code);
    expect(sent.status).toBe(403);
    expect(await proving.session.poll()).toMatchObject({ state: 'needs_credentials' });
    await typeCode(proving, proving.codeForm, code);
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('counts once in a form that is sent twice', async () => {
    const proving = await here.beginWith();
    const code = await here.codeOfMail();
    await typeCode(proving, proving.codeForm, otherThan(code));
    const replayed = await typeCode(proving, proving.codeForm, otherThan(code));
    expect(textOf(replayed.text)).toContain('You have 4 tries left.');
    // The ticket was used up: also the right code in it is not looked at.
    await typeCode(proving, proving.codeForm, code);
    expect(await proving.session.poll()).toMatchObject({ state: 'needs_credentials' });
    await typeAddress(proving, 'second@nowhere.example');
    expect(here.server().mails).toHaveLength(1);
  });

  it('leads to one connection where the right one is sent twice', async () => {
    const proving = await here.beginWith();
    const code = await here.codeOfMail();
    await Promise.all([typeCode(proving, proving.codeForm, code), typeCode(proving, proving.codeForm, code)]);
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
    const late = await typeCode(proving, proving.codeForm, code);
    expect(late.url.pathname).toBe(`/connect/relay/${proving.session.id}`);
  });

  it('stays valid where the window is closed and opened again', async () => {
    const proving = await here.beginWith();
    const code = await here.codeOfMail();
    const again = await proving.session.start(NO_ACCESS);
    expect(again.url.pathname).toBe(`/connect/address/${proving.session.id}/code`);
    await typeCode(proving, again, code);
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
    expect(here.server().mails).toHaveLength(1);
  });

  it('is not asked for any longer once the session has expired', async () => {
    const proving = await here.beginWith();
    const code = await here.codeOfMail();
    minutes(61);
    const end = await typeCode(proving, proving.codeForm, code);
    expect(textOf(end.text)).toContain('This took too long');
    expect(await proving.session.poll()).toMatchObject({ state: 'expired' });
  });

  it('is neither asked for nor mailed once the application goes without the mode', async () => {
    const proving = await here.begin();
    await here.world.connect.applications.update(here.world.application.clientId, { accessModes: ['full', 'free_busy'] });
    const refused = await typeAddress(proving, ADDRESS);
    expect(textOf(refused.text)).toContain('Planner no longer offers to go on without calendar access.');
    expect(here.server().attempts()).toBe(0);
  });

  it('leaves its page as it is where a browser only looks', async () => {
    const proving = await here.beginWith();
    const code = await here.codeOfMail();
    const cookie = proving.browser.cookiesFor(proving.codeForm.url);
    for (const path of ['', '/code']) {
      const at = `/connect/address/${proving.session.id}${path}`;
      expect((await here.world.request(at, { method: 'HEAD', headers: { cookie } })).status).toBe(200);
      expect((await here.world.request(at, { headers: { cookie, 'sec-purpose': 'prefetch;prerender' } })).status).toBe(503);
    }
    await typeCode(proving, proving.codeForm, code);
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
  });
});

describe('a mail server', () => {
  it('that is down holds nobody up; the code arrives when it is there again', async () => {
    await here.stopMail();
    const proving = await here.beginWith();
    expect(proving.codeForm.status).toBe(200);
    await expect.poll(() => here.world.log.map(({ event }) => event)).toContain('work_postponed');
    await here.restartMail();
    minutes(1);
    // The next code that anybody asks for takes the waiting work along.
    await here.beginWith('jonas@nowhere.example');
    await expect.poll(() => here.server().mails.length).toBe(2);
    const mine = here.server().mails.find(({ to }) => to[0] === ADDRESS);
    await typeCode(proving, proving.codeForm, codeIn(mine?.text));
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('gets nothing any longer once the code has expired', async () => {
    await here.stopMail();
    await here.beginWith('late@nowhere.example');
    await expect.poll(() => here.world.log.map(({ event }) => event)).toContain('work_postponed');
    minutes(10);
    await here.restartMail();
    await here.beginWith('jonas@nowhere.example');
    await expect.poll(() => here.waitingMails()).toEqual([]);
    expect(here.server().mails.map(({ to }) => to)).toEqual([['jonas@nowhere.example']]);
  });

  it('gets nothing any longer once the person gave up, and of two codes the newer one alone', async () => {
    await here.stopMail();
    const gone = await here.beginWith('gone@nowhere.example');
    await gone.browser.submit(gone.codeForm, { press: 'Cancel' });
    const proving = await here.beginWith();
    await expect
      .poll(() => here.world.log)
      .toContainEqual(expect.objectContaining({ event: 'work_postponed', lane: `mail:${proving.session.id}` }));
    await here.restartMail();
    const page = await proving.browser.submit(proving.codeForm, { press: 'Send a new code' });
    minutes(1);
    await here.beginWith('jonas@nowhere.example');
    await expect.poll(() => here.waitingMails()).toEqual([]);
    const mails = here.server().mails;
    expect(mails.map(({ to }) => to[0])).toEqual(expect.arrayContaining([ADDRESS, 'jonas@nowhere.example']));
    expect(mails).toHaveLength(2);
    await typeCode(proving, page, codeIn(here.server().mails.find(({ to }) => to[0] === ADDRESS)?.text));
    expect(await proving.session.poll()).toMatchObject({ state: 'connected' });
  });

  it('that says never is not asked again; the operator learns of it without the address', async () => {
    here.server().refuses('to', { code: 550, words: `5.1.1 no ${ADDRESS} here` });
    const { session } = await here.beginWith();
    await expect.poll(() => here.waitingMails()).toEqual([]);
    expect(here.server().attempts()).toBe(1);
    const hint = 'the mail server answered 550 5.1.1 to RCPT TO';
    expect(here.world.log).toEqual([{ level: 'error', event: 'mail_refused', about: 'address_code', session: session.id, hint }]);
  });
});

describe('codes', () => {
  const tooMany = 'Too many codes were asked for. Try again in';

  it('are five an hour for one mailbox, whoever asks, through a restart, and with one sentence for known and unknown addresses', async () => {
    await here.connect();
    const proving = await here.beginWith();
    let page = proving.codeForm;
    for (let n = 3; n <= 5; n += 1) page = await proving.browser.submit(page, { press: 'Send a new code' });
    page = await proving.browser.submit(page, { press: 'Send a new code' });
    expect(page.status).toBe(429);
    expect(page.headers.get('retry-after')).toBe('3600');
    expect(textOf(page.text)).toContain(`${tooMany} 60 minutes.`);
    // The code that was sent still counts.
    expect(page.text).toContain('name="code"');
    const other = await here.begin();
    const refused = await typeAddress(other, 'amira.haddad+again@nowhere.example');
    expect([refused.status, textOf(refused.text).includes(tooMany)]).toEqual([429, true]);
    expect(refused.text).toContain('value="amira.haddad+again@nowhere.example"');

    const later = await here.world.restarted((google) => [google]);
    const browser = later.browser();
    const form = await browser.visit(here.world.publicUrl + authorizePath(here.world, { provider_name: 'cronofy' }));
    const again = await browser.submit(form, { type: { email: ADDRESS }, press: 'Continue' });
    expect(again.status).toBe(429);
    await later.close();
    minutes(60);
    expect((await here.beginWith()).codeForm.status).toBe(200);
  });

  it('are ten for one person at once, whatever addresses they type', async () => {
    const proving = await here.begin();
    let { form } = proving;
    for (let n = 1; n <= 10; n += 1) {
      const codeForm = await typeAddress({ ...proving, form }, `person-${n}@nowhere.example`);
      form = await proving.browser.submit(codeForm, { press: 'Use another address' });
    }
    const refused = await typeAddress({ ...proving, form }, 'person-11@nowhere.example');
    expect(refused.status).toBe(429);
    expect(textOf(refused.text)).toContain(`${tooMany} 6 minutes.`);
    minutes(6);
    expect((await typeAddress({ ...proving, form: refused }, 'person-11@nowhere.example')).status).toBe(200);
  });
});
