import type { OfferedProvider } from '@calendar-connect/protocol';
import { describe, expect, it } from 'vitest';
import type { ServiceChoice } from '../connect/depart.ts';
import { type Confirmation, confirmPage } from './confirm-page.ts';

const PROVIDER: OfferedProvider = {
  id: 'microsoft',
  name: 'Microsoft',
  keeps_permissions_at: ['https://myapps.microsoft.com'],
  access_modes: [
    { access_mode: 'full', provider_name: 'office365', scopes: ['Calendars.ReadWrite'] },
    { access_mode: 'free_busy', provider_name: 'ms_graph_free_busy', scopes: ['Calendars.ReadBasic'] },
    { access_mode: 'no_access', provider_name: 'cronofy', scopes: [] },
  ],
};

/** The page looks at nothing of a provider but its name. */
const service = (accessMode: 'full' | 'free_busy'): ServiceChoice => ({
  provider: { id: 'microsoft', name: 'Microsoft' } as ServiceChoice['provider'],
  accessMode,
});

async function textOf(confirmation: Pick<Confirmation, 'choice' | 'change'>): Promise<string> {
  const page = confirmPage({ application: 'Planner', person: 'Amira <b>', action: '/x', ticket: 't', ...confirmation });
  return `${page.title} ${String(await page.body)}`.replace(/\s+/g, ' ');
}

const changeFrom = (access_mode: 'full' | 'free_busy', provider = PROVIDER): NonNullable<Confirmation['change']> => ({
  connection: { profile_id: 'pro_1', provider: 'microsoft', access_mode, name: 'amira@example.com' },
  provider,
});

it('says for whom which calendar is connected, and what that shares', async () => {
  const text = await textOf({ choice: service('free_busy') });
  expect(text).toContain('Connect a Microsoft calendar to Planner');
  expect(text).toContain('This connects a calendar for <strong>Amira &lt;b&gt;</strong>');
  expect(text).toContain('<li>see when you are busy</li>');
  expect(text).not.toContain('no longer');
});

it('says of no access that it is an address that is connected, and how it is proven', async () => {
  const text = await textOf({ choice: { provider: undefined, accessMode: 'no_access' } });
  expect(text).toContain('Use Planner without access to your calendar');
  expect(text).toContain('This connects an e-mail address for');
  expect(text).toContain('A code by mail proves that your address is yours.');
});

describe('a change', () => {
  it('to less says what is connected, what ends, and where the provider keeps what was allowed', async () => {
    const text = await textOf({ choice: service('free_busy'), change: changeFrom('full') });
    expect(text).toContain('Change what is shared with Planner');
    expect(text).toContain('Connected now: amira@example.com, Microsoft 365 or Outlook.com · Full access');
    expect(text).toContain('Afterwards Planner can no longer <ul> <li>see titles, places and guests of your events</li>');
    expect(text).toContain('keeps your permission for it until you remove it there:');
    expect(text).toContain('<a href="https://myapps.microsoft.com" target="_blank" rel="noopener noreferrer">myapps.microsoft.com</a>');
    expect(text).not.toContain('once more');
  });

  it('to less says that the provider asks once more, where what is given back is gone', async () => {
    const { keeps_permissions_at: _, ...provider } = PROVIDER;
    const text = await textOf({ choice: service('free_busy'), change: changeFrom('full', provider) });
    expect(text).toContain('can no longer');
    expect(text).toContain('What is shared now ends when you continue. Microsoft 365 or Outlook.com will ask you once more.');
    const without = await textOf({ choice: { provider: undefined, accessMode: 'no_access' }, change: changeFrom('full', provider) });
    expect(without).toContain('can no longer');
    expect(without).not.toMatch(/once more|when you continue/);
  });

  it('to more says that the provider asks once more, and that nothing ends', async () => {
    const text = await textOf({ choice: service('full'), change: changeFrom('free_busy') });
    expect(text).toContain('will ask you once more.');
    expect(text).not.toMatch(/no longer|remove it there/);
  });

  it('to the same mode only renews', async () => {
    const text = await textOf({ choice: service('full'), change: changeFrom('full') });
    expect(text).toContain('Connected now:');
    expect(text).not.toMatch(/no longer|once more|remove it there/);
  });
});
