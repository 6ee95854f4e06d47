import { join } from 'node:path';
import { build } from 'vite';

/** What stands in the page from its build on: both are public. */
export interface PageSettings {
  readonly clientId: string;
  /** The backend, as browsers reach it. */
  readonly backend: string;
}

/** Bundles the page into a folder, as `vite build` does. */
export async function buildPage(folder: string, { clientId, backend }: PageSettings): Promise<void> {
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    // As two lines of an .env file would: VITE_CLIENT_ID=… and VITE_BACKEND=…
    define: { 'import.meta.env.VITE_CLIENT_ID': JSON.stringify(clientId), 'import.meta.env.VITE_BACKEND': JSON.stringify(backend) },
    // With source maps: an error in a browser names the file that it was written in, and the test sees which files the page is made of.
    build: { outDir: join(folder), emptyOutDir: true, sourcemap: true, modulePreload: { polyfill: false } },
  });
}
