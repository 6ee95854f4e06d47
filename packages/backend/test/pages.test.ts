import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Screen } from './support/browser.ts';
import { textOf } from './support/html.ts';
import { openPage } from './support/partner-page.ts';
import { authorizePath, createPartnerServer } from './support/partner-server.ts';
import { createWorld, type RegisteredApplication, type World } from './support/world.ts';

/** What an attacker would like to be called. */
const NAME = `<script>alert(1)</script>"'&<img src=x onerror=alert(2)>`;

let world: World;
let application: RegisteredApplication;
beforeEach(async () => {
  world = await createWorld();
  application = await world.register({ name: NAME });
});
afterEach(() => world.close());

/** One page of each kind that shows a name of somebody else's. */
async function allPages(): Promise<Record<string, Screen>> {
  const page = openPage(world, { clientId: application.clientId });
  const named = await createPartnerServer(world, application).mint({ end_user: { id: 'user-17', name: NAME } });
  const failing = await page.mint();
  world.google.addFault({ group: 'token', status: 503, times: 1 });
  const browser = world.browser();
  const chooser = await browser.visit(world.publicUrl + authorizePath(world, { client_id: application.clientId, state: NAME }));
  return {
    chooser,
    'chooser, asked again': await browser.submit(chooser, { press: 'Continue', choose: { access_mode: 'none' } }),
    'chooser of a bad link': await browser.visit(
      world.publicUrl + authorizePath(world, { client_id: application.clientId, redirect_uri: NAME }),
    ),
    confirmation: await (await page.claim(named.session)).start(),
    proof: await (await page.mint()).start({}, { origin: 'null' }),
    onward: await (await page.mint()).start(),
    foreign: await (await page.mint()).start({}, { origin: 'https://elsewhere.example' }),
    failed: await failing.connect(),
    connected: await (await page.mint()).connect(),
    declined: await (await page.mint()).connect({ decision: 'Cancel' }),
  };
}

describe('every page', () => {
  it('shows the names of others as text, and runs none of it (H07)', async () => {
    for (const [kind, { text }] of Object.entries(await allPages())) {
      expect(text, kind).not.toMatch(/<script>|<img/);
      expect(text.match(/<script/g)?.length ?? 0, kind).toBeLessThanOrEqual(1);
      if (kind !== 'onward' && kind !== 'failed') expect(textOf(text), kind).toContain(NAME);
    }
  });

  it('may not be framed, kept or loaded from elsewhere, and runs scripts of its own nonce only (H06, A15)', async () => {
    const nonces = new Set<string>();
    const pages = Object.entries(await allPages());
    for (const [kind, { headers, text }] of pages) {
      const policy = headers.get('content-security-policy') ?? '';
      const nonce = /script-src 'nonce-([\w-]{43})'/.exec(policy)?.[1] ?? '';
      nonces.add(nonce);
      expect(policy, kind).toBe(
        `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; ` +
          "frame-ancestors 'none'; require-trusted-types-for 'script'",
      );
      for (const [, found] of text.matchAll(/<(?:script|style) nonce="([^"]*)"/g)) expect(found, kind).toBe(nonce);
      expect(headers.get('x-frame-options'), kind).toBe('DENY');
      expect(headers.get('x-content-type-options'), kind).toBe('nosniff');
      expect(headers.get('cache-control'), kind).toBe('no-store');
      expect(headers.get('referrer-policy'), kind).toMatch(/^(same-origin|no-referrer)$/);
      expect(text, kind).not.toMatch(/<\w[^>]*\s(src|srcset|style|on\w+)=/);
    }
    expect(nonces.size).toBe(pages.length);
  });
});
