import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { providersFrom } from './providers.ts';
import type { Settings } from './settings.ts';

const MICROSOFT: Settings = { microsoftClientId: '11111111-2222-4333-8444-555555555555', microsoftClientSecret: 'a~secret' };

describe('MICROSOFT_LEGACY_EWS', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2027-03-31T23:59:59Z'), toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('is off by itself', () => {
    const { notes, providers } = providersFrom(MICROSOFT);
    expect(notes).toEqual([
      expect.stringContaining('Google: off'),
      'Microsoft: on (full, free_busy)',
      expect.stringContaining('Exchange: off'),
    ]);
    expect(providers[0]?.modes.full?.scopes).toContain('Calendars.ReadWrite');
    expect(providersFrom({ ...MICROSOFT, microsoftLegacyEws: 'off' }).notes).toEqual(notes);
  });

  it('asks for EWS where it is on, and says until when', () => {
    const { notes, providers } = providersFrom({ ...MICROSOFT, microsoftLegacyEws: 'on' });
    expect(notes).toContainEqual(expect.stringMatching(/since 2026-10-01.*2027-04-01/));
    expect(providers[0]?.modes.full?.scopes).toContain('https://outlook.office365.com/EWS.AccessAsUser.All');
  });

  it('lets no backend start with it from the day on which EWS ends', () => {
    vi.setSystemTime(Date.parse('2027-04-01T00:00:00Z'));
    expect(() => providersFrom({ ...MICROSOFT, microsoftLegacyEws: 'on' })).toThrow(/MICROSOFT_LEGACY_EWS.* out/);
    expect(providersFrom(MICROSOFT).providers).toHaveLength(1);
  });

  it('says nothing of EWS where Microsoft is off', () => {
    expect(providersFrom({ microsoftLegacyEws: 'on' }).notes.join()).not.toContain('EWS');
  });

  it('is on or off and nothing else', () => {
    expect(() => providersFrom({ ...MICROSOFT, microsoftLegacyEws: 'yes' })).toThrow(
      'MICROSOFT_LEGACY_EWS: expected on or off, received "yes"',
    );
  });
});

describe('EXCHANGE', () => {
  it('is off by itself: nobody shall be asked for a password without the operator having said so', () => {
    const { notes, providers } = providersFrom({});
    expect(notes.at(-1)).toBe('Exchange: off; set EXCHANGE=on to switch it on');
    expect(providers).toEqual([]);
  });

  it('switches Exchange on, and asks for the addresses that firewalls see', () => {
    const { notes, providers } = providersFrom({ exchange: 'on' });
    expect(providers.map(({ id }) => id)).toEqual(['exchange']);
    expect(notes.slice(-2)).toEqual(['Exchange: on (full, free_busy)', expect.stringContaining('EGRESS_ADDRESSES')]);
    expect(providersFrom({ exchange: 'on', egressAddresses: '203.0.113.7' }).notes.at(-1)).toBe('Exchange: on (full, free_busy)');
  });

  it('is refused in other words', () => {
    expect(() => providersFrom({ exchange: 'yes' })).toThrow(/EXCHANGE: expected on or off, received "yes"/);
  });
});
