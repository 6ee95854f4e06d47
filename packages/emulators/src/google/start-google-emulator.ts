import { startEmulator } from '../serving/start.ts';
import { createGoogleEmulator, type GoogleEmulator, type GoogleEmulatorOptions } from './create-google-emulator.ts';

/** How an emulator listens. */
export interface StartGoogleEmulatorOptions extends Omit<GoogleEmulatorOptions, 'publicUrl'> {
  /** The default, 0, takes a free one. */
  readonly port?: number;
  /** The address to listen on. The default is the computer itself alone, over IPv4 and, where there is one, IPv6. */
  readonly host?: string;
  /** Where browsers find the emulator. A function is told the port. The default is `http://127.0.0.1:PORT`. */
  readonly publicUrl?: string | ((port: number) => string);
}

/** An emulator that is listening. */
export interface RunningGoogleEmulator extends GoogleEmulator {
  /** Where servers on this computer find it: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Ends every connection and frees the port. */
  readonly close: () => Promise<void>;
}

/**
 * Creates an emulator and listens.
 * @throws Error with the system's code, such as `EADDRINUSE`, when the port cannot be had.
 */
export function startGoogleEmulator(options: StartGoogleEmulatorOptions): Promise<RunningGoogleEmulator> {
  return startEmulator(options, ({ publicUrl, url }) => createGoogleEmulator({ serverUrl: url, ...options, publicUrl }));
}
