import { setTimeout as wait } from 'node:timers/promises';
import type { EventChangeOutcome, ProviderEvent } from './calendar-reader.ts';

/** Mostly it is there with the first look; longer than this nobody is kept waiting. */
const WAITS_MS: readonly number[] = [200, 500, 1000];

/**
 * Reads an event again, a few times, while its conferencing is still to come. What does not come, or cannot be read, stays `pending`: the
 * event was made all the same.
 */
export async function awaitConferencing(
  made: ProviderEvent,
  read: () => Promise<EventChangeOutcome<ProviderEvent>>,
): Promise<ProviderEvent> {
  let event = made;
  for (const waitMs of WAITS_MS) {
    if (event.conferencingState !== 'pending') return event;
    await wait(waitMs);
    const again = await read();
    if (again.outcome !== 'ok' || again.value.cancelled) return event;
    event = again.value;
  }
  return event;
}
