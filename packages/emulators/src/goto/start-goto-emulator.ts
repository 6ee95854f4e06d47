import type { Listener } from '../serving/listen.ts';
import { startEmulator, type StartOptions } from '../serving/start.ts';
import { createGoToEmulator, type GoToEmulator, type GoToEmulatorOptions } from './create-goto-emulator.ts';

/** How an emulator listens. */
export interface StartGoToEmulatorOptions extends Omit<GoToEmulatorOptions, 'publicUrl'>, StartOptions {}

/** An emulator that is listening. */
export interface RunningGoToEmulator extends GoToEmulator, Listener {}

/**
 * Creates an emulator and listens.
 * @throws Error with the system's code, such as `EADDRINUSE`, when the port cannot be had.
 */
export function startGoToEmulator(options: StartGoToEmulatorOptions): Promise<RunningGoToEmulator> {
  return startEmulator(options, ({ publicUrl, url }) => createGoToEmulator({ serverUrl: url, ...options, publicUrl }));
}
