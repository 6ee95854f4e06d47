import type { Handler } from 'hono';

/** The names of what a module exports that makes a handler of these parts. */
type MakerIn<Module, Parts> = {
  [Name in keyof Module]: Module[Name] extends (parts: Parts) => Handler ? Name : never;
}[keyof Module];

/**
 * Handlers whose code is read by their first request. Most of what a backend can do is not needed to answer the first one: with all of it, the start
 * takes half as long again.
 *
 * @example
 * const lately = late(() => backend);
 * const relay = lately(() => import('./endpoints/connect/relay.ts'));
 * app.get('/connect/relay/:id', relay('relay'));
 */
export function late<Parts>(
  partsOf: () => Parts | Promise<Parts>,
): <Module>(load: () => Promise<Module>) => (name: MakerIn<Module, Parts>) => Handler {
  let parts: Promise<Parts> | undefined;
  const partsOnce = (): Promise<Parts> => (parts ??= Promise.resolve(partsOf()));
  return (load) => (name) =>
    lateHandler(async () => {
      const [module, parts] = await Promise.all([load(), partsOnce()]);
      // MakerIn has just said so.
      return (module[name] as (parts: Parts) => Handler)(parts);
    });
}

function lateHandler(make: () => Promise<Handler>): Handler {
  let handler: Handler | undefined;
  let making: Promise<Handler> | undefined;
  return function late(c, next): unknown {
    if (handler !== undefined) return handler(c, next) as unknown;
    making ??= make();
    return making.then(
      (made) => (handler = made)(c, next) as unknown,
      (error: unknown) => {
        // What could not be read once may be read by the next request.
        making = undefined;
        throw error;
      },
    );
  };
}
