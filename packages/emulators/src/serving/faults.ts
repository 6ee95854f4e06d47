/** What every fault says, whatever the vendor. */
export interface AnyFault {
  /** The endpoints it strikes; the default is all. */
  readonly group?: string;
  /** Strikes calls of this person only. */
  readonly email?: string;
  /** How many requests it strikes; the default is every one until it is removed. */
  readonly times?: number;
}

/** The faults in force. */
export interface Faults<F extends AnyFault> {
  /** Adds a fault and returns what removes it. */
  readonly add: (fault: F) => () => void;
  /** Returns the faults that strike this request, and counts the strike. */
  readonly strike: (group: NonNullable<F['group']>, email: () => string | undefined) => readonly F[];
  /** Returns to the faults given at the start. */
  readonly reset: () => void;
}

/** Creates the register of faults. */
export function createFaults<F extends AnyFault>(start: readonly F[]): Faults<F> {
  const armed = (fault: F): { fault: F; left: number } => ({ fault, left: fault.times ?? Infinity });
  let faults = start.map(armed);
  return {
    add: (fault) => {
      const added = armed(fault);
      faults.push(added);
      return () => {
        faults = faults.filter((other) => other !== added);
      };
    },
    strike: (group, email) => {
      const striking = faults.filter(
        ({ fault }) => (fault.group === undefined || fault.group === group) && (fault.email === undefined || fault.email === email()),
      );
      for (const entry of striking) entry.left -= 1;
      faults = faults.filter(({ left }) => left > 0);
      return striking.map(({ fault }) => fault);
    },
    reset: () => {
      faults = start.map(armed);
    },
  };
}
