import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBrowser } from './support/browser.ts';
import { type Call, runCommand, type ServingProcess, startServe } from './support/command.ts';
import { openPage } from './support/partner-page.ts';
import { createPartnerServer } from './support/partner-server.ts';
import { PAGE_ORIGIN, type Reachable } from './support/world.ts';

const ROUNDS = 20;

let call: Call;
let first: ServingProcess;
let second: ServingProcess;
let application: Reachable['application'];

beforeAll(async () => {
  call = { cwd: mkdtempSync(join(tmpdir(), 'calendar-connect-processes-')) };
  first = await startServe(['--emulators'], call);
  second = await startServe(['--url', `http://localhost:${first.port}`], call);
  const created = await runCommand(['application', 'create', '--name', 'Planner', '--origin', PAGE_ORIGIN, '--json'], call);
  const { client_id, client_secret } = JSON.parse(created.stdout) as { client_id: string; client_secret: string };
  application = { clientId: client_id, clientSecret: client_secret };
}, 30_000);
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
  rmSync(call.cwd, { recursive: true });
});

/** One of the two processes, as partners reach it; browsers go to the first, which has the provider. */
function reach(process: ServingProcess): Reachable {
  return {
    publicUrl: `http://localhost:${first.port}`,
    application,
    request: (path, init) => fetch(`http://127.0.0.1:${process.port}${path}`, init),
    browser: () => createBrowser((url, init) => (['localhost', '127.0.0.1'].includes(url.hostname) ? fetch(url, init) : undefined)),
  };
}

it(
  `of two processes on one database one exchanges a code, and one redeems its receipt, in each of ${ROUNDS} rounds`,
  { timeout: 30_000 },
  async () => {
    const servers = [createPartnerServer(reach(first)), createPartnerServer(reach(second))];
    const elsewhere = openPage(reach(second));
    for (let round = 0; round < ROUNDS; round += 1) {
      const session = await openPage(reach(first)).mint();
      await session.connect();
      const { code } = await session.poll();
      const body = { code, code_verifier: session.verifier };
      const exchanges = await Promise.all([
        session.exchange(code),
        elsewhere.ask<{ receipt: string }>('POST', '/connect/exchange', { body }),
      ]);
      expect(exchanges.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
      const receipt = exchanges.find(({ status }) => status === 200)?.body.receipt;
      const redemptions = await Promise.all(servers.map((server) => server.redeem(receipt)));
      expect(redemptions.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    }
  },
);
