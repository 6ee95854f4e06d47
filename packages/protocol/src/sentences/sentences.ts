import type { AccessMode } from '../access-modes.ts';
import type { FailureReason } from '../error-codes.ts';

/** What one access mode means for the person who chooses it. `{application}` stands for the application's name. */
export interface AccessModeSentences {
  label: string;
  /** One line under the label. */
  summary: string;
  shared: readonly string[];
  notShared: readonly string[];
  /** What else somebody has to know before they choose it. */
  remark?: string;
}

/** One sentence of what happened, one of what to do. */
export interface FailureSentences {
  happened: string;
  todo: string;
}

/** The sentences of choosing, which the element and the hosted pages both say, in one language. */
export interface ChoiceSentences {
  /** By provider id, of those that people know by more than their own name. */
  providers: Readonly<Record<string, string>>;
  chooseProvider: string;
  chooseAccessMode: string;
  sharedHeading: string;
  notSharedHeading: string;
  exactScopes: string;
  /** In its place, where nobody is asked. */
  noScopes: string;
  /** Of the connection that is changed: `{name}` and `{mode}`, which names its provider too. */
  connectedNow: string;
  /** Before the summary of the mode that it has. */
  sharedNow: string;
  /** What a smaller mode ends: before a list of what was shared. */
  endsHeading: string;
  /** Where the provider keeps what was allowed, though a smaller mode needs less: before the addresses where it is taken back. */
  keptAt: string;
  /** Where another mode means another consent. */
  asksAgain: string;
  /** Of a provider where all that is shared has to end before it can ask for less; before `asksAgain`. */
  endsFirst: string;
  continueLabel: string;
  cancelLabel: string;
  accessModes: Readonly<Record<AccessMode, AccessModeSentences>>;
}

/** Those, and what the backend says where a connection failed: on its pages, and to the element in `failure` of a session's status. */
export interface Sentences extends ChoiceSentences {
  /** Of a session that is to change one connection, where another login came back; `{name}` is the one that was expected. */
  anotherLogin: FailureSentences;
  failures: Readonly<Record<FailureReason, FailureSentences>>;
}

/** Puts values where a sentence has `{names}`. */
export function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
