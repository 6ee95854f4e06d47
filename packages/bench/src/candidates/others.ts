import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newCodeVerifier, challengeOf } from '../../../backend/src/oauth/pkce.ts';
import { newSecret } from '../../../backend/src/vault/secrets.ts';
import { type PartnerClient, REDIRECT_URI } from '../seed/partner-client.ts';
import { readSeeded } from '../seed/seeded.ts';
import type { Candidate, Running } from './candidate.ts';
import { freePort, startServer } from './server-process.ts';

/** Plain JavaScript beside the sources, as one would publish it: its start and its memory are measured too. */
export const BARE_HONO = fileURLToPath(new URL('../../published/bare-hono.mjs', import.meta.url));

const serverFile = (name: string): string => fileURLToPath(new URL(`../servers/${name}`, import.meta.url));

/** `oidc-provider` with an adapter on SQLite. */
export const oidcProvider: Candidate = {
  name: 'oidc-provider',
  operations: ['exchange', 'refresh', 'userinfo'],
  paths: { exchange: '/token', refresh: '/token', userinfo: '/me' },
  start: () => startOther(serverFile('oidc-provider.ts')),
};

/** `@node-oauth/oauth2-server` with a model on SQLite. */
export const oauth2Server: Candidate = {
  name: '@node-oauth/oauth2-server',
  operations: ['exchange', 'refresh'],
  paths: { exchange: '/token', refresh: '/token' },
  start: () => startOther(serverFile('oauth2-server.ts')),
};

/** Hono that reads a form as its documentation says, by `parseBody()`, and keeps nothing of it. */
export const bareHono: Candidate = {
  name: 'bare Hono',
  operations: ['form'],
  paths: { form: '/form' },
  start: () => startOther(BARE_HONO),
};

/** The same where the handler parses the text itself, which is more than twice as fast: what nothing on Hono can beat. */
export const bareHonoByHand: Candidate = {
  name: 'bare Hono, parsing by hand',
  operations: ['form'],
  paths: { form: '/form-by-hand' },
  start: () => startOther(BARE_HONO),
};

async function startOther(file: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-bench-'));
  const port = await freePort();
  const client = newClient();
  const { clientId, clientSecret, redirectUri, codeChallenge } = client;
  const args = [file, JSON.stringify({ port, folder, clientId, clientSecret, redirectUri, codeChallenge })];
  const server = await startServer({ args, port, folder });
  return {
    port,
    pid: server.pid,
    client,
    seed: async ({ codes, tokens }) => {
      const answer = await fetch(`http://127.0.0.1:${port}/__bench/seed?codes=${codes}&tokens=${tokens}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`${file} does not seed: ${answer.status}`);
      return readSeeded(await answer.text());
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function newClient(): PartnerClient {
  const codeVerifier = newCodeVerifier();
  return {
    clientId: 'benchmark',
    clientSecret: newSecret(),
    redirectUri: REDIRECT_URI,
    codeVerifier,
    codeChallenge: challengeOf(codeVerifier),
  };
}
