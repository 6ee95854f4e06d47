import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What `npx calendar-connect` runs. */
const command = fileURLToPath(new URL('../../.scripts/calendar-connect.mjs', import.meta.url));

/** An application's credentials, as `application create --json` prints them. */
export interface Application {
  readonly client_id: string;
  readonly client_secret: string;
  readonly origins: readonly string[];
}

/** The demo's application: registered on the first run, remembered from then on. */
export async function demoApplication({ data, page }: { data: string; page: string }): Promise<Application> {
  const file = join(data, 'demo-application.json');
  const remembered = await readFile(file, 'utf8').then(parse, () => undefined);
  if (remembered?.origins.includes(page)) return remembered;
  await mkdir(data, { recursive: true, mode: 0o700 });
  const args = ['application', 'create', '--name', 'Acme Scheduler', '--origin', page, '--redirect-uri', `${page}/callback`];
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...args, '--data', data, '--json']);
  // The secret is printed this once, so it is kept; by whoever started the demo only.
  await writeFile(file, stdout, { mode: 0o600 });
  return parse(stdout);
}

function parse(text: string): Application {
  // Printed by our own command.
  return JSON.parse(text) as Application;
}

/** A backend that runs. */
export interface RunningBackend {
  /** Resolves when it ends, by itself or because it was told to. */
  readonly ended: Promise<unknown>;
  /** Tells it to stop; answers with its exit code. */
  stop(): Promise<number>;
}

/** Starts the backend with its emulators, and waits until it answers. @throws Error where it does not start; it has said why */
export async function startBackend(options: { publicUrl: string; issuer: string; port: string; data: string }): Promise<RunningBackend> {
  const args = ['serve', '--port', options.port, '--url', options.publicUrl, '--data', options.data, '--emulators'];
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'exit');
  while (!(await answers(options.issuer))) {
    if (child.exitCode !== null) throw new Error('The backend did not start. Choose another port with: npm start -- --port N');
    await sleep(100);
  }
  return { ended, stop: () => stop(child, ended) };
}

async function answers(issuer: string): Promise<boolean> {
  return fetch(`${issuer}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<number> {
  if (child.exitCode === null) child.kill('SIGTERM');
  await ended;
  return child.exitCode ?? 0;
}
