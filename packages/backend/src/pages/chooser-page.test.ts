import type { Offer } from '@calendar-connect/protocol';
import { expect, it } from 'vitest';
import { chooserPage } from './chooser-page.ts';

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
