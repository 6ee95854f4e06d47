import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from './support/browser.ts';
import { type Call, freePort, runCommand, type ServingProcess, startServe } from './support/command.ts';
import { openPage } from './support/partner-page.ts';
import { PAGE_ORIGIN } from './support/world.ts';

let call: Call;
let serving: ServingProcess | undefined;
beforeEach(() => {
  call = { cwd: mkdtempSync(join(tmpdir(), 'calendar-connect-serve-')) };
  serving = undefined;
});
afterEach(async () => {
  await serving?.stop('SIGKILL');
  rmSync(call.cwd, { recursive: true });
});

async function taken(): Promise<{ port: number; server: Server }> {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { port, server };
}

describe('serve', () => {
  it('answers on both loopback addresses, registers applications meanwhile, and ends with 0 when it is told to', async () => {
    serving = await startServe([], call);
    const { port, said } = serving;
    expect(said).toContain(`Calendar Connect answers at http://localhost:${port}\n`);
    expect(said).toContain('Google: off; set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET to switch it on\n');
    expect(said).toContain('Microsoft: off; set MICROSOFT_CLIENT_ID and MICROSOFT_CLIENT_SECRET to switch it on\n');
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      expect(await (await fetch(`http://${host}:${port}/healthz`)).json()).toEqual({ status: 'ok' });
    }

    const args = ['application', 'create', '--name', 'Planner', '--origin', 'https://app.example', '--json'];
    const created = await runCommand(args, call);
    const { client_id } = JSON.parse(created.stdout) as { client_id: string };
    const offer = await fetch(`http://127.0.0.1:${port}/connect/offer?client_id=${client_id}`);
    expect(await offer.json()).toMatchObject({ application: { client_id, name: 'Planner' }, providers: [] });

    const ended = await serving.stop();
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(readdirSync(join(call.cwd, '.calendar-connect')).toSorted()).toEqual(['calendar-connect.db', 'keys']);
  });

  it('takes flags before the environment', async () => {
    const environment = {
      PORT: '1',
      PUBLIC_URL: 'https://by-environment.example',
      GOOGLE_CLIENT_ID: 'id',
      GOOGLE_CLIENT_SECRET: 'secret',
      MICROSOFT_CLIENT_ID: '11111111-2222-4333-8444-555555555555',
      MICROSOFT_CLIENT_SECRET: 'secret',
    };
    serving = await startServe(['--url', 'https://by-flag.example/calendar', '--data', 'here'], { ...call, environment });
    expect(serving.said).toContain('Google: on (full, free_busy)\nMicrosoft: on (full, free_busy)\n');
    expect(serving.said).toContain('answers at https://by-flag.example/calendar\n');
    expect(existsSync(join(call.cwd, 'here', 'calendar-connect.db'))).toBe(true);
    const base = `http://127.0.0.1:${serving.port}`;
    for (const path of ['/healthz', '/calendar/healthz']) expect((await fetch(base + path)).status).toBe(200);
    const metadata = await (await fetch(`${base}/.well-known/oauth-authorization-server/calendar`)).json();
    expect(metadata).toMatchObject({ issuer: 'https://by-flag.example/calendar' });
  });

  it('cuts small buffers out of little at a time', async () => {
    const watch = 'process.on("exit",()=>process.stderr.write(String(Buffer.poolSize)))';
    serving = await startServe([], {
      ...call,
      environment: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(watch)}` },
    });
    // Once it answers, it has heard that it may be told to stop.
    await fetch(`http://127.0.0.1:${serving.port}/healthz`);
    expect((await serving.stop()).stderr).toBe('1024');
  });

  it('ends soon with 0 also while a page waits for a change', async () => {
    serving = await startServe(['--emulators'], call);
    const created = await runCommand(['application', 'create', '--name', 'Planner', '--origin', PAGE_ORIGIN, '--json'], call);
    const { client_id } = JSON.parse(created.stdout) as { client_id: string };
    const { port } = serving;
    const page = openPage({
      publicUrl: `http://localhost:${port}`,
      application: { clientId: client_id, clientSecret: '' },
      request: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
      browser: () => createBrowser(() => undefined),
    });
    const session = await page.mint();
    const waiting = session.poll({ after: 1, wait: 25 }).catch(() => 'cut');
    const began = performance.now();
    expect((await serving.stop('SIGINT')).code).toBe(0);
    expect(performance.now() - began).toBeLessThan(3000);
    expect(await waiting).toBe('cut');
  });

  it('says that the port is taken, in one sentence, and ends with 1', async () => {
    const { port, server } = await taken();
    const ended = await runCommand(['serve', '--port', String(port)], call);
    server.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toBe(`calendar-connect: Port ${port} is taken by another program. Choose another with --port N or PORT=N.\n`);
  });

  it.each([
    [['--port', '0'], '--port: expected a number from 1 to 65535, received "0"'],
    [['--url', 'connect.example'], 'publicUrl: expected an address such as https://connect.partner.example, received "connect.example"'],
    [
      ['--url', 'http://connect.example'],
      'publicUrl: expected https; behind a TLS proxy, give the https address that the proxy answers under',
    ],
  ])('refuses %j with the field and what was expected, and makes nothing', async (args, sentence) => {
    const ended = await runCommand(['serve', ...args], call);
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toContain(sentence);
    expect(readdirSync(call.cwd)).toEqual([]);
  });

  it('says what half-set provider settings lack, and what a wrong one was expected to be', async () => {
    serving = await startServe([], { ...call, environment: { GOOGLE_CLIENT_ID: 'id' } });
    expect(serving.said).toContain('Google: off; set GOOGLE_CLIENT_SECRET to switch it on\n');
    const environment = { GOOGLE_CLIENT_ID: 'id', GOOGLE_CLIENT_SECRET: 'top-secret', GOOGLE_FREE_BUSY_SCOPES: 'calendar' };
    const ended = await runCommand(['serve', '--port', String(await freePort())], { ...call, environment });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('freeBusyScopes: expected one of calendar.events.freebusy, calendar.freebusy, received "calendar"');
    expect(ended.stderr).not.toContain('top-secret');
    const swapped = { MICROSOFT_CLIENT_ID: 'top-secret', MICROSOFT_CLIENT_SECRET: '11111111-2222-4333-8444-555555555555' };
    const refused = await runCommand(['serve', '--port', String(await freePort())], { ...call, environment: swapped });
    expect(refused.stderr).toContain('microsoft: clientId: expected the application (client) id');
    expect(refused.stderr).not.toContain('top-secret');
  });
});
