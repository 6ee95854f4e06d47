import { oneLine, webAddress } from '../mail/mail-text.ts';
import type { InvitedEvent } from './invited-event.ts';

/** Where people meet online, as it can be shown. */
export interface Meeting {
  /** How people know the service; where nobody says it, where it is. */
  readonly service: string;
  /** As it was given: not always of the web. */
  readonly address: string;
  /** The address where it is one of the web. */
  readonly link: string | undefined;
}

/** Reads where people meet online, if they do. */
export function meetingOf({ conferencing }: Pick<InvitedEvent, 'conferencing'>): Meeting | undefined {
  const address = oneLine(conferencing?.joinUrl ?? '');
  if (conferencing === undefined || address === '') return undefined;
  const link = webAddress(address);
  const service = oneLine(conferencing.description) || (link === undefined ? address : new URL(link).hostname);
  return { service, address: link ?? address, link };
}
