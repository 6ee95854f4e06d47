import { describe, expect, it } from 'vitest';
import { conferencingFrom } from '../../../backend/src/command/conferencing.ts';
import { mailOptionsFrom } from '../../../backend/src/command/mail-settings.ts';
import { providersFrom } from '../../../backend/src/command/providers.ts';
import { PROVIDER_SETTINGS } from './calendar-connect.ts';

describe('what is measured of ours', () => {
  it('has every provider and meeting service switched on, and a way for mail', () => {
    const notes = [...providersFrom(PROVIDER_SETTINGS).notes, ...conferencingFrom(PROVIDER_SETTINGS).notes];
    expect(notes.filter((note) => / off;/.test(note))).toEqual([]);
    expect(notes.filter((note) => / on \(/.test(note)).length).toBeGreaterThanOrEqual(8);
    expect(mailOptionsFrom(PROVIDER_SETTINGS, false)).toBeDefined();
  });
});
