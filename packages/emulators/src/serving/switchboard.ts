/** Switches as they are, for everybody and for one person. */
export interface Switchboard<S extends object> {
  readonly forAll: () => S;
  readonly forUser: (email: string) => S;
  readonly set: (changes: Partial<S>) => void;
  readonly setFor: (email: string, changes: Partial<S>) => void;
  readonly reset: () => void;
}

/** How a switchboard begins. */
export interface SwitchboardStart<S extends object> {
  readonly defaults: S;
  readonly everybody: Partial<S>;
  /** By address. */
  readonly perUser: ReadonlyMap<string, Partial<S>>;
}

/** Creates a switchboard. A person's switch wins over the one for everybody; `reset` returns to what was given here. */
export function createSwitchboard<S extends object>(start: SwitchboardStart<S>): Switchboard<S> {
  let everybody: S = { ...start.defaults, ...start.everybody };
  let perUser = new Map(start.perUser);
  return {
    forAll: () => everybody,
    forUser: (email) => ({ ...everybody, ...perUser.get(email) }),
    set: (changes) => {
      everybody = { ...everybody, ...changes };
    },
    setFor: (email, changes) => {
      perUser.set(email, { ...perUser.get(email), ...changes });
    },
    reset: () => {
      everybody = { ...start.defaults, ...start.everybody };
      perUser = new Map(start.perUser);
    },
  };
}
