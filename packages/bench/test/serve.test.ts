import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
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

let bench: ChildProcess;
let port: number;
let line: string;
let announcement: Announcement;

beforeAll(async () => {
  port = await freePort();
  bench = spawn(process.execPath, ['--conditions=source', MAIN, 'serve', '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  line = '';
  while (!line.includes('\n')) {
    const [chunk] = (await once(bench.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    line += chunk.toString();
  }
  announcement = JSON.parse(line) as Announcement;
}, 30_000);

afterAll(() => void bench.kill('SIGKILL'));

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

  it('ends with 0 at SIGTERM', async () => {
    const exited = once(bench, 'exit');
    bench.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });
});
