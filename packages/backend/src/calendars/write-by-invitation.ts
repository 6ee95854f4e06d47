import type { EventRequest } from './event-request.ts';
import { meetingOf } from './event-meeting.ts';
import { invitedGuest, type Letters, ownAddress, sealLetters, type Sender, senderOf } from './letters.ts';
import { type EventContent, type InvitedGuest, isSameEvent, type ManagedContent, mergeEvent, sameAddress } from './managed-content.ts';
import { newUid, type StoredEvent, storeEvent } from './stored-event.ts';
import type { WriteDeps, WriteTarget } from './write-deps.ts';

/**
 * Writes an event where nothing can be written at the provider: it is kept, and its people are invited by mail, or told what changed. What
 * changes nothing for them tells nobody. Answers `false` where somebody else has changed it meanwhile: then nothing was done.
 *
 * @throws CalendarRefusal
 * @throws RateLimited after too many invitations for one account or application
 */
export async function writeByInvitation(
  deps: WriteDeps,
  { target, stored }: { readonly target: WriteTarget; readonly stored: StoredEvent },
  request: EventRequest,
): Promise<boolean> {
  const { content } = stored;
  const own = ownAddress(target);
  const merged = mergeEvent(content.event, request, own);
  // First, so that nothing is arranged for an event that cannot be sent.
  const sender = await senderOf(deps, target, { ...content, event: merged });
  const key = stored.row.id;
  const meeting = await meetingOf(deps, target, {
    event: merged,
    before: content.event,
    isAsked: request.conferencing !== undefined,
    key,
  });
  const event = { ...merged, meeting: meeting === 'integrated' ? undefined : meeting };
  const people = [{ email: own }, ...event.guests].map((guest) =>
    invitedGuest(
      deps,
      guest,
      content.mailed?.people.find(({ email }) => sameAddress(email, guest.email)),
    ),
  );
  const letters = lettersOf({ content, event, people });
  if (letters.every((each) => each.people.length === 0)) return true;
  return send(deps, { target, stored, event, people, sender }, letters);
}

/** What is told to whom: where only the guests change, the others hear nothing. */
function lettersOf({
  content,
  event,
  people,
}: {
  readonly content: ManagedContent;
  readonly event: EventContent;
  readonly people: readonly InvitedGuest[];
}): readonly Letters[] {
  const before = content.mailed === undefined ? undefined : content.event;
  const known = content.mailed?.people ?? [];
  const isKnown = (person: InvitedGuest, among: readonly InvitedGuest[]): boolean =>
    among.some(({ email }) => sameAddress(email, person.email));
  const isChanged = before === undefined || !isSameEvent({ ...before, guests: [] }, { ...event, guests: [] });
  return [
    { kind: 'invited', people: people.filter((person) => !isKnown(person, known)), attendees: people },
    { kind: 'changed', people: isChanged ? people.filter((person) => isKnown(person, known)) : [], attendees: people },
    { kind: 'uninvited', people: known.filter((person) => !isKnown(person, people)) },
  ];
}

interface ToSend {
  readonly target: WriteTarget;
  readonly stored: StoredEvent;
  readonly event: EventContent;
  readonly people: readonly InvitedGuest[];
  readonly sender: Sender;
}

async function send(deps: WriteDeps, { target, stored, event, people, sender }: ToSend, letters: readonly Letters[]): Promise<boolean> {
  const { row, content } = stored;
  deps.limits.countInvitations(
    target.account,
    letters.reduce((sum, each) => sum + each.people.length, 0),
  );
  const isFirst = content.mailed === undefined;
  // A deleted event that is written again is another one: calendars would take a request for what was cancelled as old.
  const revision = { stored, event, uid: isFirst ? newUid(deps) : row.uid, sequence: isFirst ? 0 : row.sequence + 1 };
  const saved = await storeEvent(
    deps,
    { target, stored },
    {
      // What was written while everything was shared stays at the provider, out of reach, until it is shared again.
      content: { event, ...(content.remote && { remote: content.remote }), mailed: { ...sender.mailed, people } },
      uid: revision.uid,
      sequence: revision.sequence,
      invitations: sealLetters(deps, { target, sender, revision }, letters),
    },
  );
  if (saved === undefined) return false;
  deps.work.nudge();
  return true;
}

/** Deletes an event whose people were invited by mail: all of them are told. `false` as above. */
export async function deleteByInvitation(deps: WriteDeps, target: WriteTarget, stored: StoredEvent): Promise<boolean> {
  const { content, row } = stored;
  const { event, mailed } = content;
  const gone = { remote: { generation: (content.remote?.generation ?? 0) + 1 } };
  if (event === undefined || mailed === undefined) return (await storeEvent(deps, { target, stored }, { content: gone })) !== undefined;
  const saved = await storeEvent(
    deps,
    { target, stored },
    {
      content: gone,
      sequence: row.sequence + 1,
      invitations: await cancellations(deps, target, stored),
    },
  );
  if (saved === undefined) return false;
  deps.work.nudge();
  return true;
}

/** What is to be told to all who were invited by mail, when the event is theirs no longer. */
export async function cancellations(deps: WriteDeps, target: WriteTarget, stored: StoredEvent): Promise<ReturnType<typeof sealLetters>> {
  const { row, content } = stored;
  const { event, mailed } = content;
  if (event === undefined || mailed === undefined) return [];
  const sender = await senderOf(deps, target, content);
  const revision = { stored, event, uid: row.uid, sequence: row.sequence + 1 };
  return sealLetters(deps, { target, sender, revision }, [{ kind: 'cancelled', people: mailed.people, attendees: mailed.people }]);
}
