import type { Listener } from '../serving/listen.ts';
import { startEmulator, type StartOptions } from '../serving/start.ts';
import { createWebexEmulator, type WebexEmulator, type WebexEmulatorOptions } from './create-webex-emulator.ts';

/** How an emulator listens. */
export interface StartWebexEmulatorOptions extends Omit<WebexEmulatorOptions, 'publicUrl'>, StartOptions {}

/** An emulator that is listening. */
export interface RunningWebexEmulator extends WebexEmulator, Listener {}

/**
 * Creates an emulator and listens.
 * @throws Error with the system's code, such as `EADDRINUSE`, when the port cannot be had.
 */
export function startWebexEmulator(options: StartWebexEmulatorOptions): Promise<RunningWebexEmulator> {
  return startEmulator(options, ({ publicUrl, url }) => createWebexEmulator({ serverUrl: url, ...options, publicUrl }));
}
