import type { Socket } from 'node:net';
import { sendBy } from './node-http.ts';
import { requestOf } from './outbound.ts';

/** What plain http may tell us, and no more than that: anybody on the way can have written it. */
export interface PlainRedirect {
  readonly status: number;
  /** As it was sent. */
  readonly location: string | undefined;
}

/** Asks once and closes the connection with the body unread. */
export async function askPlainRedirect(url: URL, socket: Socket, signal: AbortSignal): Promise<PlainRedirect> {
  try {
    const { status, headers } = await sendBy({ createConnection: () => socket }, url, requestOf({}, signal));
    return { status, location: headers.get('location') ?? undefined };
  } finally {
    socket.destroy();
  }
}
