import { describe, expect, it } from 'vitest';
import { conferencingFrom } from './conferencing.ts';
import type { Settings } from './settings.ts';

const GOOGLE: Settings = { googleClientId: 'id', googleClientSecret: 'secret' };
const MICROSOFT: Settings = { microsoftClientId: '11111111-2222-4333-8444-555555555555', microsoftClientSecret: 'a~secret' };
const idsOf = (settings: Settings) => conferencingFrom(settings).conferencing.map(({ id }) => id);

describe('meetings', () => {
  it('are off by themselves, and it is said what switches each service on', () => {
    const { conferencing, notes } = conferencingFrom({});
    expect(conferencing).toEqual([]);
    expect(notes).toEqual([
      'Zoom: off; set ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET to switch it on',
      expect.stringMatching(/^Google Meet: off; set GOOGLE_MEET=on to switch it on; it needs .*meetings\.space\.created/),
      expect.stringMatching(/^Microsoft Teams: off; set MICROSOFT_TEAMS=on to switch it on; it needs .*OnlineMeetings\.ReadWrite/),
      'Webex: off; set WEBEX_CLIENT_ID and WEBEX_CLIENT_SECRET to switch it on',
      'GoTo: off; set GOTO_CLIENT_ID and GOTO_CLIENT_SECRET to switch it on',
    ]);
  });

  it('are on with each service that has its client', () => {
    expect(conferencingFrom({ zoomClientId: 'id', zoomClientSecret: 'secret' }).notes[0]).toBe('Zoom: on (meetings)');
    expect(idsOf({ webexClientId: 'id', webexClientSecret: 'secret' })).toEqual(['webex']);
    expect(idsOf({ gotoClientId: 'id', gotoClientSecret: 'secret' })).toEqual(['goto']);
    expect(conferencingFrom({ zoomClientId: 'id' }).notes[0]).toBe('Zoom: off; set ZOOM_CLIENT_SECRET to switch it on');
  });

  it('are not on because a calendar’s client is there: Meet and Teams have to be switched on', () => {
    expect(idsOf({ ...GOOGLE, ...MICROSOFT })).toEqual([]);
    expect(idsOf({ ...GOOGLE, ...MICROSOFT, googleMeet: 'on', microsoftTeams: 'on' })).toEqual(['google_meet', 'microsoft_teams']);
    expect(idsOf({ ...GOOGLE, googleMeet: 'off' })).toEqual([]);
    expect(conferencingFrom({ googleMeet: 'on' }).notes[1]).toBe(
      'Google Meet: off; set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET to switch it on',
    );
  });

  it('are switched on by on, and by nothing else', () => {
    expect(() => idsOf({ ...GOOGLE, googleMeet: 'yes' })).toThrow('GOOGLE_MEET: expected on or off, received "yes"');
  });
});
