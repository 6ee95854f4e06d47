import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../src/candidates/server-process.ts';
import { readSeeded, type Seeded } from '../src/seed/seeded.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Announcement {
  readonly url: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly redirect_uri: string;
  readonly code_verifier: string;
}

/** Of a fresh clone. */
const BUILDS_WITHIN_MS = 300_000;

/** Some are killed, and leave their folders. */
const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-bench-test-'));
const started: ChildProcess[] = [];

let bench: ChildProcess;
let port: number;
let line: string;
let announcement: Announcement;

/** As `npm run bench` does before it starts. */
async function buildPackages(): Promise<void> {
  const script = new URL('../../../.scripts/build-packages.mjs', import.meta.url).href;
  const { ensurePackagesBuilt } = (await import(script)) as { ensurePackagesBuilt: () => Promise<void> };
  await ensurePackagesBuilt();
}

function startBench(on: number, stderr: 'inherit' | 'pipe' = 'inherit'): ChildProcess {
  const args = ['--conditions=source', MAIN, 'serve', '--port', String(on)];
  const child = spawn(process.execPath, args, { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', stderr] });
  started.push(child);
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  while (!said.includes('\n')) {
    const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    said += chunk.toString();
  }
  return said;
}

/** Processes that were started by the one of this id. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
}

const isAnswering = (on: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${on}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );

beforeAll(async () => {
  await buildPackages();
  port = await freePort();
  bench = startBench(port);
  line = await firstLine(bench);
  announcement = JSON.parse(line) as Announcement;
}, BUILDS_WITHIN_MS);

afterAll(() => {
  for (const each of started) each.kill('SIGKILL');
  rmSync(folder, { recursive: true, maxRetries: 5 });
});

async function seed(query: string): Promise<Seeded> {
  const answer = await fetch(`http://127.0.0.1:${port}/__bench/seed?${query}`, { method: 'POST' });
  expect(answer.status).toBe(200);
  return readSeeded(await answer.text());
}

async function askForTokens(fields: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }> {
  const { client_id, client_secret } = announcement;
  const body = new URLSearchParams({ client_id, client_secret, ...fields });
  const answer = await fetch(`http://127.0.0.1:${port}/oauth/token`, { method: 'POST', body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

function redeem(code: string, changes: Record<string, string> = {}) {
  const { redirect_uri, code_verifier } = announcement;
  return askForTokens({ grant_type: 'authorization_code', code, redirect_uri, code_verifier, ...changes });
}

async function subjectOf(accessToken: unknown): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/userinfo`, { headers: { authorization: `Bearer ${String(accessToken)}` } });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { sub: unknown }).sub;
}

describe('npm run bench -- serve', () => {
  it('announces in one line of JSON all that a load generator needs', () => {
    expect(line.trim().split('\n')).toHaveLength(1);
    expect(announcement).toEqual({
      url: `http://localhost:${port}`,
      client_id: expect.stringMatching(/^app_[0-9a-f]{24}$/),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: 'https://app.partner.example/calendar/callback',
      code_verifier: expect.stringMatching(/^[\w-]{43,128}$/),
    });
  });

  it.skipIf(process.platform !== 'linux')('serves by the command as it is published', () => {
    const commands = childrenOf(bench.pid ?? 0).map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'));
    expect(commands).toEqual([expect.arrayContaining([expect.stringMatching(/backend\/bin\/calendar-connect\.js$/), 'serve'])]);
  });

  it('seeds codes that are redeemed once, by their own verifier', async () => {
    const { codes } = await seed('codes=2');
    const [code = '', other = ''] = codes;
    expect((await redeem(other, { code_verifier: 'x'.repeat(43) })).body).toMatchObject({ error: 'invalid_grant' });
    const { status, body } = await redeem(code);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'read_write', account_id: body['sub'] });
    expect(await subjectOf(body['access_token'])).toBe(body['sub']);
    expect((await redeem(code)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('seeds pairs of tokens that stand: each refreshes, and each shows its own person', async () => {
    const { tokens } = await seed('tokens=3');
    const subjects = await Promise.all(tokens.map(({ access }) => subjectOf(access)));
    expect(new Set(subjects).size).toBe(3);
    for (const [index, { refresh, access }] of tokens.entries()) {
      const { status, body } = await askForTokens({ grant_type: 'refresh_token', refresh_token: refresh });
      expect([status, body['sub']]).toEqual([200, subjects[index]]);
      expect(body['access_token']).not.toBe(access);
    }
  });

  it('seeds a thousand codes, and again, while it serves', async () => {
    const [first, second] = [await seed('codes=1000&tokens=0'), await seed('codes=1000')];
    expect([first.codes.length, second.codes.length, first.tokens.length]).toEqual([1000, 1000, 0]);
    expect(new Set([...first.codes, ...second.codes]).size).toBe(2000);
    expect((await redeem(second.codes.at(-1) ?? '')).status).toBe(200);
  }, 30_000);

  it('refuses counts that are no numbers', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/__bench/seed?codes=many`, { method: 'POST' });
    expect([answer.status, await answer.text()]).toEqual([400, 'codes, tokens: expected numbers from 0 to 1000000\n']);
  });

  it('seeds while it is asked, and refuses nobody for it', async () => {
    const { codes } = await seed('codes=300');
    let seeding = true;
    const seeded = seed('codes=3000').finally(() => (seeding = false));
    const statuses = new Set<number>();
    for (const code of codes) if (seeding) statuses.add((await redeem(code)).status);
    expect([...statuses]).toEqual([200]);
    expect((await seeded).codes).toHaveLength(3000);
  }, 30_000);

  it('says that somebody else listens on its port, and takes nobody for the backend', async () => {
    const second = startBench(port, 'pipe');
    const [said, [code]] = await Promise.all([text(second.stderr as NodeJS.ReadableStream), once(second, 'exit')]);
    expect([code, said]).toEqual([1, expect.stringContaining('EADDRINUSE')]);
  }, 30_000);

  it.skipIf(process.platform !== 'linux')(
    'ends with what the backend said where that ends by itself',
    async () => {
      const other = startBench(await freePort(), 'pipe');
      await firstLine(other);
      const ended = Promise.all([text(other.stderr as NodeJS.ReadableStream), once(other, 'exit')]);
      for (const pid of childrenOf(other.pid ?? 0)) process.kill(pid, 'SIGKILL');
      const [said, [code]] = await ended;
      expect([code, said]).toEqual([1, expect.stringContaining('Calendar Connect answers at')]);
    },
    30_000,
  );

  it('leaves no backend behind, however it ends', async () => {
    const on = await freePort();
    const killed = startBench(on);
    await firstLine(killed);
    expect(await isAnswering(on)).toBe(true);
    killed.kill('SIGKILL');
    await expect.poll(() => isAnswering(on), { timeout: 5000 }).toBe(false);
  }, 30_000);

  it('ends with 0 at SIGTERM, and the backend with it', async () => {
    const exited = once(bench, 'exit');
    bench.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(await isAnswering(port)).toBe(false);
  });
});
