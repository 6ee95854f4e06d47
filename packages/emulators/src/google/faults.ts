/** The endpoints a fault can strike. `authorize` is the pages; `identity` is userinfo, tokeninfo, keys and discovery. */
export const ENDPOINT_GROUPS = ['authorize', 'token', 'revoke', 'identity', 'calendar'] as const;

/** One of {@link ENDPOINT_GROUPS}. */
export type EndpointGroup = (typeof ENDPOINT_GROUPS)[number];

/** Trouble to make: a delay, an error, or both. */
export interface Fault {
  /** The default is every group. */
  readonly group?: EndpointGroup;
  /** Strikes calls of this person only; known for `calendar` calls with a valid token. */
  readonly email?: string;
  /** Waits this long before going on. */
  readonly delayMs?: number;
  /** Answers with this status instead of doing the work: 403 or 429 for quotas, 5xx for outages. */
  readonly status?: 403 | 429 | 500 | 502 | 503 | 504;
  /** The `reason` in a Calendar error; the default is `rateLimitExceeded` or `backendError`. */
  readonly reason?: string;
  /** Sends `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** How many requests it strikes; the default is every one until it is removed. */
  readonly times?: number;
}

/** The faults in force. */
export interface Faults {
  /** Adds a fault and returns what removes it. */
  readonly add: (fault: Fault) => () => void;
  /** Returns the faults that strike this request, and counts the strike. */
  readonly strike: (group: EndpointGroup, email: () => string | undefined) => readonly Fault[];
  /** Returns to the faults given at the start. */
  readonly reset: () => void;
}

/** Creates the register of faults. */
export function createFaults(start: readonly Fault[]): Faults {
  const armed = (fault: Fault): { fault: Fault; left: number } => ({ fault, left: fault.times ?? Infinity });
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

/** Returns the group that a path belongs to. */
export function endpointGroup(path: string): EndpointGroup {
  if (path.startsWith('/o/oauth2/v2/auth')) return 'authorize';
  if (path.startsWith('/calendar/')) return 'calendar';
  if (path === '/token') return 'token';
  return path === '/revoke' ? 'revoke' : 'identity';
}
