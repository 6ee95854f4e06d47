import type { AccessMode, Offer } from '@calendar-connect/protocol';
import { describe, expect, it } from 'vitest';
import { google } from '../providers/google/google.ts';
import type { Provider } from '../providers/provider.ts';
import { createMailer } from '../mail/mailer.ts';
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

const OPERATORS_CLIENT = { id: 'pcl_1', clientId: 'id', clientSecret: 'secret' };
const BACKEND = {
  providers: new Map([GOOGLE, OTHER].map((provider) => [provider.id, { ...provider, operatorClient: OPERATORS_CLIENT }])),
  mailer: undefined,
};
/** One that sends mail. */
const MAILING = { ...BACKEND, mailer: createMailer({ smtpUrl: 'smtp://localhost', from: 'calendars@acme.example' }) };

function application(accessModes: readonly AccessMode[], changes: Partial<Application> = {}): Application {
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
    providers: [],
    defaultAccessMode: undefined,
    branding: { accentColor: undefined, privacyUrl: undefined },
    invitations: { organizerName: undefined, organizerEmail: undefined, replyTo: undefined },
    ...changes,
  };
}

function offered(accessModes: readonly AccessMode[], limits: Partial<OfferLimits> = {}): string[] {
  const whole = wholeOffer(application(accessModes));
  const { providers } = offerOf(BACKEND, application(accessModes), { ...whole, ...limits });
  return shown({ providers });
}

function shown({ providers }: Pick<Offer, 'providers'>): string[] {
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

  it('has no access at all only where mail is sent, with every provider and without any', () => {
    const app = application(['full', 'no_access']);
    expect(shown(offerOf(BACKEND, app, wholeOffer(app)))).toEqual(['google: full', 'icloud: full']);
    expect(shown(offerOf(MAILING, app, wholeOffer(app)))).toEqual(['google: full no_access', 'icloud: full no_access', 'none: no_access']);
    const [google] = offerOf(MAILING, app, wholeOffer(app)).providers;
    expect(google?.access_modes[1]).toEqual({ access_mode: 'no_access', provider_name: 'cronofy', scopes: [] });
  });

  it('has the providers that the application names, in its order, and no others', () => {
    const app = (providers: string[]) => application(['full', 'no_access'], { providers });
    const offer = (providers: string[]) => shown(offerOf(MAILING, app(providers), wholeOffer(app(providers))));
    expect(offer(['icloud', 'google'])).toEqual(['icloud: full no_access', 'google: full no_access']);
    expect(offer(['google', 'none'])).toEqual(['google: full no_access', 'none: no_access']);
    expect(offer(['gone'])).toEqual([]);
  });

  it('marks the default mode where it is offered', () => {
    const app = application(['full', 'free_busy'], { defaultAccessMode: 'free_busy' });
    expect(offerOf(BACKEND, app, wholeOffer(app)).default_access_mode).toBe('free_busy');
    expect(offerOf(BACKEND, app, { ...wholeOffer(app), scope: 'read_write' })).not.toHaveProperty('default_access_mode');
  });

  it('says how the application looks, and where a provider keeps what was allowed once', () => {
    const app = application(['full'], { branding: { accentColor: '#aa3300', privacyUrl: 'https://acme.example/privacy' } });
    const offer = offerOf(BACKEND, app, wholeOffer(app));
    expect(offer.application).toMatchObject({ accent_color: '#aa3300', privacy_url: 'https://acme.example/privacy' });
    expect(offer.providers[0]).not.toHaveProperty('keeps_permissions_at');
  });

  it('knows what is in it', () => {
    const offer = offerOf(BACKEND, application(['full', 'free_busy']), wholeOffer(application([])));
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
