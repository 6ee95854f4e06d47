// A backend in a process of its own, at an emulator that runs elsewhere: `prepareBackendProcess` starts it with its settings as JSON.
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import { createAdaptorServer } from '@hono/node-server';
import { createCalendarConnect, google } from '../../src/index.ts';
import { createOutbound } from '../../src/outbound/outbound.ts';
import type { AllSettings } from './backend-processes.ts';
import { openDatabase } from './database-place.ts';
import { googleEndpointsAt } from './google.ts';

const settings = JSON.parse(process.argv[2] ?? '') as AllSettings;

// Everything is loaded now; the database is not touched before the first line comes.
await once(process.stdin, 'data');
// Whoever started it is gone, however that came about.
process.stdin.once('end', () => process.exit()).resume();
process.stdin.unref();

const connect = await createCalendarConnect({
  publicUrl: settings.publicUrl,
  database: openDatabase(settings.database),
  keys: settings.keys,
  providers: [google({ ...settings.googleClient, endpoints: googleEndpointsAt(settings.googleUrl), outbound: createOutbound() })],
  ...(settings.trustedProxies === undefined ? {} : { trustedProxies: settings.trustedProxies }),
});

const server = createAdaptorServer({ fetch: connect.app.fetch });
// A test that pauses on a busy machine must not find its connections closed.
if ('keepAliveTimeout' in server) server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${JSON.stringify({ port: typeof address === 'object' ? address?.port : undefined })}\n`);
  // Otherwise written when the process ends, and many of these end by SIGKILL.
  flushCompileCache();
});
process.on('SIGTERM', () => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close(() => void connect.close());
});
