/** What a fault can strike. `ews` and `autodiscover` are those directories of Exchange servers; `other` is everything else of any host. */
export type ExchangeFaultGroup = 'ews' | 'autodiscover' | 'other';

/** Trouble to make. */
export interface ExchangeFault {
  /** The default is every group. */
  readonly group?: ExchangeFaultGroup;
  /** Strikes requests to this host only. */
  readonly host?: string;
  /** Strikes this operation of EWS only, such as `FindItem`. */
  readonly operation?: string;
  /** Strikes calls of this person only, once logged in. */
  readonly email?: string;
  /** How many requests it strikes; the default is every one until it is removed. */
  readonly times?: number;
  /** Waits this long before going on. */
  readonly delayMs?: number;
  /** Ends the connection instead of answering. */
  readonly drop?: boolean;
  /** Of EWS: a SOAP fault of this code, such as `ErrorServerBusy`. */
  readonly ewsCode?: string;
  /** Its `BackOffMilliseconds`. */
  readonly backOffMs?: number;
  /** Answers with this status instead of doing the work; 200 with a `body`. */
  readonly status?: number;
  /** Answers with this body, such as a document that no parser should read. */
  readonly body?: string;
  /** The default is `text/xml; charset=utf-8`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request, as far as a fault looks at it. */
export interface Struck {
  readonly group: ExchangeFaultGroup;
  readonly host: string;
  /** Who is logged in, and what is asked: known once a login is good. */
  readonly call?: { readonly email: string; readonly operation: string | undefined };
}

/** The faults in force. */
export interface ExchangeFaults {
  /** Adds a fault and returns what removes it. */
  readonly add: (fault: ExchangeFault) => () => void;
  /** Returns the fault that strikes, and counts the strike. Asked twice for a call: when it arrives, and when it is known whose it is. */
  readonly strike: (struck: Struck) => ExchangeFault | undefined;
  /** Returns to the faults given at the start. */
  readonly reset: () => void;
}

/** Creates the register of faults. */
export function createExchangeFaults(start: readonly ExchangeFault[]): ExchangeFaults {
  const armed = (fault: ExchangeFault): { fault: ExchangeFault; left: number } => ({ fault, left: fault.times ?? Infinity });
  let faults = start.map(armed);
  return {
    add: (fault) => {
      const added = armed(fault);
      faults.push(added);
      return () => {
        faults = faults.filter((other) => other !== added);
      };
    },
    strike: (struck) => {
      const striking = faults.find(({ fault }) => strikes(fault, struck));
      if (striking === undefined) return undefined;
      striking.left -= 1;
      faults = faults.filter(({ left }) => left > 0);
      return striking.fault;
    },
    reset: () => {
      faults = start.map(armed);
    },
  };
}

function strikes(fault: ExchangeFault, { group, host, call }: Struck): boolean {
  if (fault.group !== undefined && fault.group !== group) return false;
  if (fault.host !== undefined && fault.host.toLowerCase() !== host) return false;
  const needsCall = fault.email !== undefined || fault.operation !== undefined || fault.ewsCode !== undefined;
  if (!needsCall || call === undefined) return needsCall === (call !== undefined);
  if (fault.email !== undefined && fault.email.toLowerCase() !== call.email) return false;
  return fault.operation === undefined || fault.operation === call.operation;
}
