import { randomBytes } from 'node:crypto';
import type * as emulators from '@calendar-connect/emulators';
import { goTo } from '../providers/goto/goto.ts';
import type { ConferencingService } from '../providers/provider.ts';
import { webex } from '../providers/webex/webex.ts';
import { zoom } from '../providers/zoom/zoom.ts';

type Emulators = Pick<typeof emulators, 'startZoomEmulator' | 'startWebexEmulator' | 'startGoToEmulator'>;

/** A conferencing service that only exists on this computer. */
export interface EmulatedConferencing {
  readonly conferencing: readonly ConferencingService[];
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** Starts the emulators of those services that have no calendars, each with a client that its pages know. Meet and Teams are part of theirs. */
export function emulateConferencing(emulators: Emulators, publicUrl: string): readonly Promise<EmulatedConferencing>[] {
  const { startZoomEmulator, startWebexEmulator, startGoToEmulator } = emulators;
  return [
    emulate({
      start: (client) => startZoomEmulator({ port: 0, clients: [{ ...client, redirectUris: [callbackAt(publicUrl, 'zoom')] }] }),
      make: (client, url) =>
        zoom({
          ...client,
          endpoints: {
            authorization: `${url}/oauth/authorize`,
            token: `${url}/oauth/token`,
            revocation: `${url}/oauth/revoke`,
            api: url,
          },
        }),
    }),
    emulate({
      start: (client) => startWebexEmulator({ port: 0, clients: [{ ...client, redirectUris: [callbackAt(publicUrl, 'webex')] }] }),
      make: (client, url) =>
        webex({ ...client, endpoints: { authorization: `${url}/v1/authorize`, token: `${url}/v1/access_token`, api: url } }),
    }),
    emulate({
      start: (client) => startGoToEmulator({ port: 0, clients: [{ ...client, redirectUris: [callbackAt(publicUrl, 'goto')] }] }),
      make: (client, url) =>
        goTo({
          ...client,
          endpoints: {
            authorization: `${url}/oauth/authorize`,
            token: `${url}/oauth/token`,
            revocation: `${url}/oauth/revoke`,
            api: url,
          },
        }),
    }),
  ];
}

/** Where a service sends people back to. */
export function callbackAt(publicUrl: string, id: string): string {
  return `${publicUrl}/connect/callback/${id}`;
}

/** What `serve` says of a service that is emulated. */
export function noteOnService({ name }: ConferencingService, url: string): string {
  return `${name}: emulated at ${url} (meetings)`;
}

interface Emulation {
  readonly start: (client: ConferencingService['client']) => Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly make: (client: ConferencingService['client'], url: string) => ConferencingService;
}

async function emulate({ start, make }: Emulation): Promise<EmulatedConferencing> {
  const client = { clientId: randomBytes(12).toString('base64url'), clientSecret: randomBytes(24).toString('base64url') };
  const running = await start(client);
  const service = make(client, running.url);
  return { conferencing: [service], notes: [noteOnService(service, running.url)], close: () => running.close() };
}
