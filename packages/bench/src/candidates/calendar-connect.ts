import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSettings, type Settings } from '../../../backend/src/command/settings.ts';
import { openSeeder } from '../seed/seeder.ts';
import type { Candidate } from './candidate.ts';
import { freePort, startServer } from './server-process.ts';

/** The command in the form in which it is published. */
export const COMMAND = fileURLToPath(new URL('../../../backend/bin/calendar-connect.js', import.meta.url));

/** Clients at all providers and meeting services there are, and a mail server: everything is switched on. Nobody there is ever asked. */
export const PROVIDER_ENVIRONMENT = {
  GOOGLE_CLIENT_ID: 'benchmark.apps.googleusercontent.com',
  GOOGLE_CLIENT_SECRET: 'GOCSPX-benchmark',
  GOOGLE_MEET: 'on',
  MICROSOFT_CLIENT_ID: '00000000-0000-4000-8000-0000000000be',
  MICROSOFT_CLIENT_SECRET: 'benchmark',
  MICROSOFT_TEAMS: 'on',
  EXCHANGE: 'on',
  ZOOM_CLIENT_ID: 'benchmark',
  ZOOM_CLIENT_SECRET: 'benchmark',
  WEBEX_CLIENT_ID: 'benchmark',
  WEBEX_CLIENT_SECRET: 'benchmark',
  GOTO_CLIENT_ID: 'benchmark',
  GOTO_CLIENT_SECRET: 'benchmark',
  SMTP_URL: 'smtp://benchmark:benchmark@mail.partner.example:587',
  MAIL_FROM: 'Benchmark <calendars@partner.example>',
};

/** {@link PROVIDER_ENVIRONMENT} as the command reads it. */
export const PROVIDER_SETTINGS: Settings = readSettings({}, PROVIDER_ENVIRONMENT);

/** Ours: `calendar-connect serve` as it is published, on a data folder that codes and tokens come into from this process. */
export const calendarConnect: Candidate = {
  name: 'calendar-connect',
  operations: ['exchange', 'refresh', 'userinfo'],
  paths: { exchange: '/oauth/token', refresh: '/oauth/token', userinfo: '/v1/userinfo' },
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-bench-'));
    const port = await freePort();
    const seeder = await openSeeder({ ...PROVIDER_SETTINGS, data: folder, url: `http://localhost:${port}` });
    const args = [COMMAND, 'serve', '--port', String(port), '--data', folder];
    const server = await startServer({ args, port, folder, environment: PROVIDER_ENVIRONMENT });
    return {
      port,
      pid: server.pid,
      client: seeder.client,
      seed: (counts) => seeder.seed(counts),
      stop: async () => {
        await server.stop();
        await seeder.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};
