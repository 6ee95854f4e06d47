import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

/** An application's credentials, as `application create --json` prints them. */
export interface Application {
  readonly client_id: string;
  readonly client_secret: string;
}

/** The `calendar-connect` command, and where it keeps what it knows. */
export interface BackendCommand {
  /** The script that Node runs. */
  readonly command: string;
  readonly data: string;
}

/** What an example's application is registered with. */
export interface ExampleOptions extends BackendCommand {
  readonly page: string;
  /** Which access modes it offers; the backend's default where absent. */
  readonly accessModes?: readonly string[];
}

/** The example's application: registered on the first run, remembered from then on. */
export async function exampleApplication({ command, data, page, accessModes = [] }: ExampleOptions): Promise<Application> {
  // One for each address of the page: an origin is registered exactly, with its port.
  const file = join(data, `demo-application-${new URL(page).port}.json`);
  const remembered = await readFile(file, 'utf8').then(parse, () => undefined);
  if (remembered !== undefined) return remembered;
  await mkdir(data, { recursive: true, mode: 0o700 });
  const args = ['application', 'create', '--name', 'Acme Scheduler', '--origin', page, '--redirect-uri', `${page}/callback`];
  const modes = accessModes.flatMap((mode) => ['--access-mode', mode]);
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...args, ...modes, '--data', data, '--json']);
  // The secret is printed this once, so it is kept; by whoever started the example only.
  await writeFile(file, stdout, { mode: 0o600 });
  return parse(stdout);
}

function parse(text: string): Application {
  // Printed by our own command.
  return JSON.parse(text) as Application;
}

/** A backend that runs. */
export interface RunningBackend {
  /** Where its mails can be read; `undefined` where they leave by a mail server of somebody's. */
  readonly mailbox: string | undefined;
  /** Resolves when it ends, by itself or because it was told to. */
  readonly ended: Promise<unknown>;
  /** Tells it to stop; answers with its exit code. */
  stop(): Promise<number>;
}

/** Starts the backend with its emulators, and waits until it says that it answers. @throws Error where it does not start; it has said why */
export async function startBackend(options: BackendCommand & { publicUrl: string; port: number }): Promise<RunningBackend> {
  const args = ['serve', '--port', String(options.port), '--url', options.publicUrl, '--data', options.data, '--emulators'];
  const child = spawn(process.execPath, [options.command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  // Asking its address would not do: where the port is taken, somebody else answers there.
  const said = await Promise.race([saidUntil(child.stdout, 'Calendar Connect answers'), ended.then(() => undefined)]);
  if (said === undefined)
    throw new Error('The example did not start. Its ports are chosen with --port N and --partner-port N after npm start --');
  const mailbox = /^Mail: caught at (\S+)/m.exec(said.join('\n'))?.[1];
  return { mailbox, ended, stop: () => stop(child, ended) };
}

function saidUntil(output: Readable, beginning: string): Promise<readonly string[]> {
  const lines: string[] = [];
  let isFound = false;
  return new Promise((resolve) => {
    // It reads on after the beginning was found: nobody else empties the pipe.
    createInterface({ input: output }).on('line', (line) => {
      isFound ||= line.startsWith(beginning);
      if (isFound) resolve(lines);
      else lines.push(line);
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<number> {
  if (child.exitCode === null) child.kill('SIGTERM');
  await ended;
  return child.exitCode ?? 0;
}
