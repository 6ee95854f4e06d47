import type { AccessMode } from '@calendar-connect/protocol';
import { describe, expect, it } from 'vitest';
import { google } from '../providers/google/google.ts';
import type { Provider } from '../providers/provider.ts';
import type { Application } from '../storage/questions/applications.ts';
import { isOffered, offerOf, type OfferLimits, wholeOffer } from './offer.ts';

const GOOGLE = google({ clientId: 'id', clientSecret: 'secret' });
const { full } = GOOGLE.modes;
/** Another one, which can do less. */
const OTHER: Provider = {
  ...GOOGLE,
  id: 'icloud',
  name: 'iCloud',
  modes: full === undefined ? {} : { full: { ...full, requestNames: ['apple'] } },
};

function application(accessModes: readonly AccessMode[]): Application {
  return {
    id: 'app_1',
    name: 'Planner',
    secretHash: '',
    redirectUris: [],
    origins: [],
    accessModes,
    scope: 'free_busy_write',
    createdAtMs: 0,
    notificationUrl: undefined,
    secretSealed: undefined,
    mailsApprovals: false,
  };
}

function offered(accessModes: readonly AccessMode[], limits: Partial<OfferLimits> = {}): string[] {
  const whole = wholeOffer(application(accessModes));
  const { providers } = offerOf(application(accessModes), [GOOGLE, OTHER], { ...whole, ...limits });
  return providers.map((provider) => `${provider.id}: ${provider.access_modes.map((mode) => mode.access_mode).join(' ')}`);
}

describe('an offer', () => {
  it('has every provider in the modes that the application allows and the provider can do', () => {
    expect(offered(['full', 'free_busy', 'no_access'])).toEqual(['google: full free_busy', 'icloud: full']);
    expect(offered(['free_busy'])).toEqual(['google: free_busy']);
    expect(offered(['no_access'])).toEqual([]);
  });

  it('has nothing but full access without the scope that switches the chooser on', () => {
    expect(offered(['free_busy', 'full'], { scope: 'read_write' })).toEqual(['google: full', 'icloud: full']);
    expect(offered(['free_busy'], { scope: 'read_write' })).toEqual([]);
  });

  it('is narrowed and ordered by what is asked for, each once, and nothing is added', () => {
    expect(offered(['full', 'free_busy'], { providers: ['icloud', 'nobody', 'google', 'icloud'] })).toEqual([
      'icloud: full',
      'google: full free_busy',
    ]);
    expect(offered(['full', 'free_busy'], { accessModes: ['free_busy', 'full', 'free_busy'] })).toEqual([
      'google: free_busy full',
      'icloud: full',
    ]);
    expect(offered(['full'], { accessModes: ['free_busy'] })).toEqual([]);
    expect(offered(['full'], { providers: ['nobody'] })).toEqual([]);
  });

  it('knows what is in it', () => {
    const offer = offerOf(application(['full', 'free_busy']), [GOOGLE, OTHER], wholeOffer(application([])));
    expect([isOffered(offer, 'google', 'free_busy'), isOffered(offer, 'icloud', 'full')]).toEqual([true, true]);
    for (const [provider, mode] of [
      ['icloud', 'free_busy'],
      ['google', 'no_access'],
      ['', ''],
      ['__proto__', 'full'],
    ] as const) {
      expect(isOffered(offer, provider, mode)).toBe(false);
    }
  });
});
