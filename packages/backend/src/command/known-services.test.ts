import { expect, it } from 'vitest';
import { exchange } from '../providers/exchange/exchange.ts';
import { googleMeet } from '../providers/google-meet/google-meet.ts';
import { google } from '../providers/google/google.ts';
import { goTo } from '../providers/goto/goto.ts';
import { microsoftTeams } from '../providers/microsoft-teams/microsoft-teams.ts';
import { microsoft } from '../providers/microsoft/microsoft.ts';
import { webex } from '../providers/webex/webex.ts';
import { zoom } from '../providers/zoom/zoom.ts';
import { CALENDAR_PROVIDERS, CONFERENCING_SERVICES } from './known-services.ts';

const CLIENT = { clientId: '11111111-2222-4333-8444-555555555555', clientSecret: 'secret' };

it('the command knows every provider and service by its id', () => {
  expect([...CALENDAR_PROVIDERS]).toEqual([google(CLIENT).id, microsoft(CLIENT).id, exchange().id]);
  expect([...CONFERENCING_SERVICES]).toEqual([googleMeet, microsoftTeams, zoom, webex, goTo].map((make) => make(CLIENT).id));
});
