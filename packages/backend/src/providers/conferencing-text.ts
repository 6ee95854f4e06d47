import type { EventDraft } from './calendar-reader.ts';

/** What an event says now. */
export interface EventText {
  readonly description?: string | undefined;
  readonly location?: string | undefined;
}

type TextChanges = Pick<Partial<EventDraft>, 'description' | 'location' | 'conferencing'>;

/** Above and below what we write of a meeting: nobody types it, and mail programs and calendars leave it as it is. */
const RULE = '────────';
const MAX_NAME_CHARACTERS = 100;
const MAX_BLOCK_CHARACTERS = 4000;

/** What stands between the rules may have been made HTML of, where somebody edited the event at the provider. */
const BLOCK = new RegExp(`${RULE}([^─]{1,${MAX_BLOCK_CHARACTERS}})${RULE}`);
const ADDRESS = /https?:\/\/[^\s<>"]+/;
const BLANK_END = /(?:\s|&nbsp;|<br\s*\/?>)+$/i;
const BLANK_START = /^(?:\s|&nbsp;|<br\s*\/?>)+/i;

/** Whether a change depends on what the event says now: the address of a meeting stands in its text, and stays there until it is replaced. */
export function dependsOnText({ description, conferencing }: TextChanges): boolean {
  return description !== undefined || conferencing !== undefined;
}

/**
 * The text of an event to be made, or what is to change of one that says `before`: the address of a meeting that was made elsewhere stands
 * below the description and, where no other place is named, in the location. There is never more than one. What is not to change is absent.
 */
export function textWithConferencing(changes: TextChanges, before: EventText = {}): EventText {
  const found = findBlock(before.description);
  const block = blockAfter(changes.conferencing, found?.block);
  const isChanged = changes.description !== undefined || block !== found?.block;
  const own = changes.description === undefined ? (found?.text ?? before.description ?? '') : withoutBlock(changes.description);
  const location = locationAfter(changes, before.location, found?.joinUrl);
  return {
    ...(isChanged && { description: [own, block].filter((part) => part !== undefined && part !== '').join('\n\n') }),
    ...(location !== undefined && { location }),
  };
}

/** A text without the address of a meeting that we wrote into it. */
export function withoutBlock(text: string): string {
  return findBlock(text)?.text ?? text;
}

function blockAfter(conferencing: EventDraft['conferencing'], before: string | undefined): string | undefined {
  if (conferencing === undefined) return before;
  return typeof conferencing === 'object' ? writeBlock(conferencing) : undefined;
}

function writeBlock({ description, joinUrl }: { readonly description: string; readonly joinUrl: string }): string {
  const name = description
    .replace(/[\s─]+/g, ' ')
    .trim()
    .slice(0, MAX_NAME_CHARACTERS);
  return [RULE, ...(name === '' ? [] : [`${name}:`]), joinUrl, RULE].join('\n');
}

/** A place that somebody named stays; an address that we put there goes with its meeting. */
function locationAfter(
  { location: named, conferencing }: TextChanges,
  before: string | undefined,
  joinUrl: string | undefined,
): string | undefined {
  const isOurs = joinUrl !== undefined && before === joinUrl;
  if (typeof conferencing !== 'object') return named ?? (conferencing !== undefined && isOurs ? '' : undefined);
  if (named !== undefined && named !== '') return named;
  const isFree = named === '' || before === undefined || before === '' || isOurs;
  return isFree && before !== conferencing.joinUrl ? conferencing.joinUrl : undefined;
}

interface FoundBlock {
  /** What stands around it. */
  readonly text: string;
  readonly block: string;
  readonly joinUrl: string | undefined;
}

function findBlock(text: string | undefined): FoundBlock | undefined {
  const match = BLOCK.exec(text ?? '');
  const joinUrl = ADDRESS.exec(match?.[1] ?? '')?.[0];
  if (text === undefined || match === null || joinUrl === undefined) return undefined;
  const before = text.slice(0, match.index).replace(BLANK_END, '');
  const after = text.slice(match.index + match[0].length).replace(BLANK_START, '');
  return { text: [before, after].filter((part) => part !== '').join('\n\n'), block: match[0], joinUrl };
}
