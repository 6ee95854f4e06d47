import { lookup } from 'node:dns/promises';

/** Gives every address of a host name, in the order they are to be tried. The signal says that nobody waits any more. */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

/**
 * The system's resolver occupies one of the four threads that Node also reads files and resolves the provider's own names with, for as
 * long as a slow name server likes. Names that somebody typed get at most half of them.
 */
const CONCURRENT_LOOKUPS = 2;

/**
 * Makes a resolver that asks the operating system, and with it hosts files and the local network, a few names at a time.
 *
 * @param ask What asks the system; for tests.
 */
export function createResolver(ask: (name: string) => Promise<readonly { readonly address: string }[]> = askSystem): Resolve {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async function resolve(name, signal) {
    if (running === CONCURRENT_LOOKUPS) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      signal.throwIfAborted();
      return (await ask(name)).map(({ address }) => address);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

function askSystem(name: string): Promise<readonly { readonly address: string }[]> {
  return lookup(name, { all: true });
}
