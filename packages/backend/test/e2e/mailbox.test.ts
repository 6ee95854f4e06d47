import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type RunningMailboxEmulator, startMailboxEmulator } from '@calendar-connect/emulators';
import { createTransport, type Transporter } from 'nodemailer';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findingsOn } from './axe.ts';
import { openBrowser, visit } from './people.ts';
import { AMIRA } from './world.ts';

const FROM = 'Acme Calendars <calendars@acme.example>';
const INVITATION = `BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:evt-1\r\nSUMMARY:Board review\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

let browser: Browser;
let mailbox: RunningMailboxEmulator;
let transport: Transporter;
/** Somebody who wants to know whether a mail was read: even a connection tells. */
let elsewhere: Server;
let elsewhereUrl: string;
let connections = 0;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  [browser, mailbox] = await Promise.all([openBrowser(), startMailboxEmulator()]);
  transport = createTransport(mailbox.smtpUrl);
  elsewhere = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  // A server that listens on an address has one.
  elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  mailbox.control.clear();
  connections = 0;
});

afterAll(async () => {
  await browser.close();
  transport.close();
  elsewhere.close();
  await mailbox.close();
});

async function profile(options: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  contexts.push(context);
  return context;
}

/** Sends a mail, and opens it. */
async function openMail(context: BrowserContext, html: string): Promise<Page> {
  await transport.sendMail({ from: FROM, to: AMIRA, subject: '<script>document.title="pwned"</script>', text: 'Hello', html });
  return visit(context, `${mailbox.url}/messages/${mailbox.control.mails[0]?.id}`);
}

/** Everything that markup can load or do by itself. */
const selfActing = (url: string): string => `
  <p id="shown" style="background: url(${url}/background)">Hello</p>
  <link rel="preconnect" href="${url}"><link rel="dns-prefetch" href="${url}"><link rel="stylesheet" href="${url}/css"><link rel="prefetch" href="${url}/next">
  <img src="${url}/pixel" srcset="${url}/pixel2 2x" onerror="document.title='pwned'"><script>top.document.title = 'pwned'</script><script src="${url}/js"></script>
  <meta http-equiv="refresh" content="0;url=${url}/refresh"><base href="${url}/">
  <iframe src="${url}/frame"></iframe><iframe srcdoc="&lt;link rel=preconnect href=${url}>&lt;script>top.document.title='pwned'&lt;/script>"></iframe>
  <object data="${url}/object"></object><embed src="${url}/embed"><video src="${url}/video" poster="${url}/poster" autoplay></video>
  <style>@import url(${url}/import); @font-face { font-family: x; src: url(${url}/font) } body { font-family: x }</style>
  <svg><image href="${url}/svg"/><script>top.document.title = 'pwned'</script></svg><input autofocus onfocus="top.document.title = 'pwned'">`;

describe('a mail that would do harm', () => {
  it('runs nothing and reaches nobody when it is read', async () => {
    const page = await openMail(await profile(), selfActing(elsewhereUrl));
    await page.frameLocator('iframe').locator('#shown').waitFor();
    // Scripts and loads begin at once; this is time enough for a connection on one computer.
    await page.waitForTimeout(1000);
    expect(await page.title()).toBe('<script>document.title="pwned"</script> – Mailbox emulator');
    expect(connections).toBe(0);
    // The counter counts: a page without the policy is heard of.
    await page.goto(`data:text/html,<img src="${elsewhereUrl}/pixel">`);
    await expect.poll(() => connections).toBeGreaterThan(0);
  });

  it.each(['_blank', '_self', '_top'])('runs no script from a link with target %s that somebody clicks', async (target) => {
    const context = await profile();
    const page = await openMail(context, `<a target="${target}" href="javascript:top.document.title='pwned';alert(1)">Click</a>`);
    const dialogs: string[] = [];
    context.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.frameLocator('iframe').getByText('Click').click({ noWaitAfter: true });
    await page.waitForTimeout(500);
    expect([dialogs, page.url(), await page.title()]).toEqual([
      [],
      `${mailbox.url}/messages/${mailbox.control.mails[0]?.id}`,
      expect.not.stringMatching(/^pwned/),
    ]);
  });

  it('sends no form', async () => {
    const page = await openMail(await profile(), `<form action="${elsewhereUrl}/form"><button>Send</button></form>`);
    await page.frameLocator('iframe').getByText('Send').click({ noWaitAfter: true });
    await page.waitForTimeout(500);
    expect(connections).toBe(0);
  });
});

describe('a mail', () => {
  it('comes into the open list by itself, and its links open in a window of their own', async () => {
    const context = await profile();
    const page = await visit(context, mailbox.url);
    await page.getByText('No mail yet.').waitFor();
    const html = `<p><a href="${mailbox.url}/?to=${encodeURIComponent(AMIRA)}">Go on</a></p>`;
    await transport.sendMail({ from: FROM, to: AMIRA, subject: 'Please go on', text: 'Hello', html });
    await page.getByText('Please go on').click();
    await page.getByText(AMIRA).first().waitFor();
    const [opened] = await Promise.all([context.waitForEvent('page'), page.frameLocator('iframe').getByText('Go on').click()]);
    await opened.getByRole('link', { name: 'Please go on' }).waitFor();
    expect(await opened.evaluate('opener')).toBeNull();
  });

  it('gives its invitation as a file', async () => {
    const icalEvent = { method: 'REQUEST', content: INVITATION };
    await transport.sendMail({ from: FROM, to: AMIRA, subject: 'Board review', text: 'Hello', icalEvent });
    const page = await visit(await profile(), mailbox.url);
    await page.getByText('Board review').click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download it' }).click()]);
    expect(file.suggestedFilename()).toMatch(/^mail-\d+\.ics$/);
  });
});

describe('its pages', () => {
  const looks = (['light', 'dark'] as const).flatMap((colorScheme) => [320, 1200].map((width) => ({ colorScheme, width })));

  it.each(looks)('can be read by everybody, $colorScheme and $width px wide', async ({ colorScheme, width }) => {
    const context = await profile({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    const pages = [await visit(context, mailbox.url)];
    const icalEvent = { method: 'REQUEST', content: INVITATION };
    const subject = `Invitation ${'to-something-with-a-very-long-name'.repeat(4)}`;
    await transport.sendMail({ from: FROM, to: [AMIRA, 'otto@partner.example'], subject, text: 'Hello', html: '<p>Hello</p>', icalEvent });
    const [mail] = mailbox.control.mails;
    for (const path of ['/', `/?to=${encodeURIComponent(AMIRA)}`, `/messages/${mail?.id}`, '/messages/0']) {
      pages.push(await visit(context, mailbox.url + path));
    }
    for (const page of pages) {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await findingsOn(page)).toEqual([]);
    }
  });
});
