import type { AccessMode, Offer } from '@calendar-connect/protocol';
import { expect } from '@open-wc/testing';
import { offeredModes, settleChoice } from './choice.ts';

function offer(providers: Record<string, AccessMode[]>): Offer {
  const modes = (access_modes: AccessMode[]): Offer['providers'][number]['access_modes'] =>
    access_modes.map((access_mode) => ({ access_mode, provider_name: access_mode, scopes: [] }));
  return {
    application: { client_id: 'app_1', name: 'Acme' },
    scope: '',
    providers: Object.entries(providers).map(([id, access_modes]) => ({ id, name: id, access_modes: modes(access_modes) })),
  };
}

const names = (modes: ReturnType<typeof offeredModes>): AccessMode[] => modes.map(({ access_mode }) => access_mode);

describe('what can be chosen', () => {
  const both = offer({ google: ['full', 'free_busy'], icloud: ['free_busy', 'no_access'] });

  it('is every mode before a provider is chosen, each once', () => {
    expect(names(offeredModes(both, undefined))).to.deep.equal(['full', 'free_busy', 'no_access']);
  });

  it('is what the provider has once one is chosen', () => {
    expect(names(offeredModes(both, 'icloud'))).to.deep.equal(['free_busy', 'no_access']);
  });

  it('is chosen for the person only where there is nothing else', () => {
    expect(settleChoice(both, {})).to.deep.equal({ provider: undefined, accessMode: undefined });
    expect(settleChoice(offer({ google: ['full', 'free_busy'] }), {})).to.deep.equal({ provider: 'google', accessMode: undefined });
    expect(settleChoice(offer({ google: ['full'], icloud: ['full'] }), {})).to.deep.equal({ provider: undefined, accessMode: 'full' });
  });

  it('is marked as the application wants where the person has not chosen, and as the connection is that they change', () => {
    const marking = { ...both, default_access_mode: 'free_busy' as const };
    const change = { provider: 'google', access_mode: 'full', name: 'ada@example.com' } as const;
    expect(settleChoice(marking, {})).to.deep.equal({ provider: undefined, accessMode: 'free_busy' });
    expect(settleChoice(marking, {}, change)).to.deep.equal({ provider: 'google', accessMode: 'full' });
    expect(settleChoice(marking, { accessMode: 'free_busy' }, change)).to.deep.equal({ provider: 'google', accessMode: 'free_busy' });
    expect(settleChoice(marking, { provider: 'icloud' }, change)).to.deep.equal({ provider: 'icloud', accessMode: 'free_busy' });
    expect(settleChoice({ ...both, default_access_mode: 'full' }, { provider: 'icloud' })).to.deep.equal({
      provider: 'icloud',
      accessMode: undefined,
    });
  });

  it('is dropped where the new provider does not have it', () => {
    expect(settleChoice(both, { provider: 'icloud', accessMode: 'full' })).to.deep.equal({ provider: 'icloud', accessMode: undefined });
    expect(settleChoice(both, { provider: 'exchange', accessMode: 'full' })).to.deep.equal({ provider: undefined, accessMode: 'full' });
  });
});
