import type { Listener } from '../serving/listen.ts';
import { startEmulator, type StartOptions } from '../serving/start.ts';
import { createZoomEmulator, type ZoomEmulator, type ZoomEmulatorOptions } from './create-zoom-emulator.ts';

/** How an emulator listens. */
export interface StartZoomEmulatorOptions extends Omit<ZoomEmulatorOptions, 'publicUrl'>, StartOptions {}

/** An emulator that is listening. */
export interface RunningZoomEmulator extends ZoomEmulator, Listener {}

/**
 * Creates an emulator and listens.
 * @throws Error with the system's code, such as `EADDRINUSE`, when the port cannot be had.
 */
export function startZoomEmulator(options: StartZoomEmulatorOptions): Promise<RunningZoomEmulator> {
  return startEmulator(options, ({ publicUrl, url }) => createZoomEmulator({ serverUrl: url, ...options, publicUrl }));
}
