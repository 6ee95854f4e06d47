import type { Offer } from '@calendar-connect/protocol';
import { describe, expect, it } from 'vitest';
import { type Chooser, chooserPage } from './chooser-page.ts';

const NOTE = 'It asks for the <whole> mailbox, and uses the calendars.';

function offer(note?: string): Offer {
  const mode = { provider_name: 'office365', scopes: ['EWS.AccessAsUser.All'] };
  return {
    application: { client_id: 'app_1', name: 'Planner' },
    scope: '',
    providers: [
      {
        id: 'microsoft',
        name: 'Microsoft',
        access_modes: [
          { access_mode: 'full', ...mode, ...(note === undefined ? {} : { note }) },
          { access_mode: 'free_busy', ...mode },
        ],
      },
    ],
  };
}

async function bodyOf(note?: string): Promise<string> {
  return String(
    await chooserPage({ offer: offer(note), action: '/x', ticket: 't', chosen: { provider: undefined, accessMode: undefined } }).body,
  );
}

it('says below the sentences of a mode why its provider asks for more than is used, once, and nothing where it does not', async () => {
  const body = await bodyOf(NOTE);
  expect(body.match(/the &lt;whole&gt; mailbox/g)).toHaveLength(1);
  expect(body.indexOf('&lt;whole&gt;')).toBeLessThan(body.indexOf('EWS.AccessAsUser.All'));
  expect(body.indexOf('&lt;whole&gt;')).toBeLessThan(body.indexOf('mode-free_busy'));
  expect(await bodyOf()).not.toContain('<p></p>');
});

const WHOLE: Offer = {
  application: { client_id: 'app_1', name: 'Planner' },
  scope: '',
  default_access_mode: 'free_busy',
  providers: [
    {
      id: 'google',
      name: 'Google',
      access_modes: [
        { access_mode: 'full', provider_name: 'google', scopes: ['calendar.events'] },
        { access_mode: 'free_busy', provider_name: 'google_free_busy', scopes: ['calendar.freebusy'] },
        { access_mode: 'no_access', provider_name: 'cronofy', scopes: [] },
      ],
    },
    { id: 'none', name: 'Another calendar', access_modes: [{ access_mode: 'no_access', provider_name: 'cronofy', scopes: [] }] },
  ],
};

async function pageOf(whole: Offer, chosen: Partial<Chooser['chosen']> = {}): Promise<string> {
  return String(
    await chooserPage({ offer: whole, action: '/x', ticket: 't', chosen: { provider: undefined, accessMode: undefined, ...chosen } }).body,
  );
}

/** The values of the radios that are marked. */
function marked(body: string): string[] {
  return [...body.matchAll(/<input\s[^>]*value="([^"]+)"[^>]*\schecked[\s>]/g)].map(([, value]) => value ?? '');
}

/** One mode with all that is said about it. */
function modeIn(body: string, mode: string): string {
  return body.split('class="option"').find((part) => part.includes(`id="mode-${mode}-label"`)) ?? '';
}

describe('what is marked when the page opens', () => {
  it('is the mode that the application wants marked, and no provider where there are several', async () => {
    expect(marked(await pageOf(WHOLE))).toEqual(['free_busy']);
  });

  it('is what the person has sent before, and beside it the default where they left the mode out', async () => {
    expect(marked(await pageOf(WHOLE, { provider: 'google', accessMode: 'full' }))).toEqual(['google', 'full']);
    expect(marked(await pageOf(WHOLE, { provider: 'google' }))).toEqual(['google', 'free_busy']);
  });

  it('is nothing without a default, and whatever is the only choice', async () => {
    const { default_access_mode: _, ...without } = WHOLE;
    expect(marked(await pageOf(without))).toEqual([]);
    expect(marked(await pageOf({ ...without, providers: WHOLE.providers.slice(1) }))).toEqual(['none', 'no_access']);
  });
});

describe('no calendar access', () => {
  it('says what it knows, how the address is proven, and once that no provider is asked', async () => {
    const body = await pageOf(WHOLE);
    expect(body).toContain('<span>Another calendar</span>');
    const noAccess = modeIn(body, 'no_access');
    expect(noAccess).toContain('Planner knows only of events that were made with it.');
    expect(noAccess).toContain('A code by mail proves that your address is yours.');
    expect(noAccess.match(/No provider is asked for anything\./g)).toHaveLength(1);
    expect(noAccess).not.toContain('<details>');
    expect(modeIn(body, 'full')).not.toContain('No provider is asked');
  });

  it('names for each mode the providers that have it, which the script goes by', async () => {
    const body = await pageOf(WHOLE);
    expect(modeIn(body, 'full')).toContain('data-providers="google"');
    expect(modeIn(body, 'no_access')).toContain('data-providers="google none"');
  });
});
