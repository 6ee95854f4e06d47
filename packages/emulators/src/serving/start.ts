import { listen, type Listener, type ListenOptions } from './listen.ts';

/** An app that answers requests. */
interface Answering {
  readonly app: { readonly fetch: (request: Request) => Response | Promise<Response> };
}

/** Where an emulator listens and where browsers find it. */
export interface StartOptions extends ListenOptions {
  /** Where browsers find the emulator. A function is told the port. The default is `http://127.0.0.1:PORT`. */
  readonly publicUrl?: string | ((port: number) => string);
}

/** The addresses an emulator is created with. */
export interface Addresses {
  readonly publicUrl: string;
  /** Where servers on this computer find it. */
  readonly url: string;
}

/**
 * Listens, then creates an emulator that knows its port.
 * @throws Error with the system's code, such as `EADDRINUSE`, when the port cannot be had.
 */
export async function startEmulator<E extends Answering>(
  options: StartOptions,
  create: (addresses: Addresses) => E,
): Promise<E & Listener> {
  // The port is known only when the server listens, and the emulator must know it before its first answer.
  const later: { emulator?: E } = {};
  const listener = await listen((request) => later.emulator?.app.fetch(request) ?? new Response(null, { status: 503 }), options);
  const { url, port } = listener;
  const publicUrl = typeof options.publicUrl === 'function' ? options.publicUrl(port) : (options.publicUrl ?? url);
  try {
    later.emulator = create({ publicUrl, url });
  } catch (error) {
    await listener.close();
    throw error;
  }
  return { ...later.emulator, ...listener };
}
