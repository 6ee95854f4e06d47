// What a product on Hono cannot be faster than: a form is read and answered, and nothing is kept. Plain JavaScript, as it would be
// published, because its start and its memory are measured too. With `"sqlite": true` it opens a database, as any product would.
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const { port, folder, sqlite } = JSON.parse(process.argv[2]);
const app = new Hono();

// As Hono's documentation reads a form, and as who measures does.
app.post('/form', async (c) => answer(c, (await c.req.parseBody()).code));
app.post('/form-by-hand', async (c) => answer(c, new URLSearchParams(await c.req.text()).get('code')));

const answer = (c, code) =>
  c.json({
    token_type: 'bearer',
    access_token: 'an access token of as many characters as ours have, more or less',
    expires_in: 3600,
    refresh_token: 'a refresh token of as many characters as ours have, more or less',
    scope: 'read_write',
    code,
    linking_profile: { provider_name: 'google', profile_name: 'person@partner.example' },
  });

if (sqlite) {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(folder, 'bare.db'));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT)',
  );
  const ping = database.prepare('SELECT name FROM facts LIMIT 1');
  app.get('/healthz', (c) => {
    ping.all();
    return c.json({ status: 'ok' });
  });
} else {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
}

serve({ fetch: app.fetch, port, hostname: '127.0.0.1' });
