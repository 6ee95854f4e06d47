// Shows that the import rules of .oxlintrc.json refuse what the design forbids and nothing else: a rule that never fires
// looks like a clean codebase. Each line is a file and what it imports; the files exist only in a temporary folder.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root, tool, workspaceEnvironment } from './workspace.mjs';

const refused = [
  ['protocol/src', 'lit'],
  ['widget/src', '@calendar-connect/backend'],
  ['widget/src', 'hono/cookie'],
  ['partner/src', '@calendar-connect/backend'],
  ['partner/src', 'oslo/jwt'],
  ['emulators/src', '@calendar-connect/protocol'],
  ['emulators/src', 'googleapis'],
  ['backend/src', 'googleapis'],
  ['backend/src/endpoints/oauth', '../../app.ts'],
  ['backend/src/endpoints/oauth', 'kysely'],
  ['backend/src/pages', '../endpoints/health.ts'],
  ['backend/src/connect', '../enterprise/delegate.ts'],
  ['backend/src/connect', '../endpoints/oauth/token.ts'],
  ['backend/src/enterprise', '../connect/offer.ts'],
  ['backend/src/accounts', '../connect/offer.ts'],
  ['backend/src/accounts', '../calendars/availability.ts'],
  ['backend/src/calendars', '../conferencing/arrange.ts'],
  ['backend/src/calendars', '../invitations/compose-invitation.ts'],
  ['backend/src/conferencing', 'hono'],
  ['backend/src/conferencing', '../calendars/write-event.ts'],
  ['backend/src/invitations', '../calendars/events.ts'],
  ['backend/src/invitations', 'nodemailer'],
  ['backend/src/notifications', '../accounts/redeem.ts'],
  ['backend/src/mail', '../connect/offer.ts'],
  ['backend/src/accounts', 'nodemailer'],
  ['backend/src/work', '../notifications/deliver.ts'],
  ['backend/src/audit', '../index.ts'],
  ['backend/src/oauth', '../storage/store.ts'],
  ['backend/src/oauth', 'node:https'],
  ['backend/src/providers/google', '../../storage/store.ts'],
  ['backend/src/providers/google', '../../endpoints/health.ts'],
  ['backend/src/vault', '../storage/store.ts'],
  ['backend/src/storage/questions', '../../accounts/redeem.ts'],
  ['backend/src/storage', '@calendar-connect/emulators'],
  ['backend/src/outbound', 'node:sqlite'],
  ['backend/src/limits', '../telemetry/count.ts'],
  ['backend/src/telemetry', 'oslo/jwt'],
];

const allowed = [
  ['widget/src', 'lit/decorators.js'],
  ['widget/src/events', '../offer.ts'],
  ['partner/src', '@calendar-connect/protocol'],
  ['emulators/src', 'googleapis/build/src/apis/calendar/index.js'],
  ['backend/src', './endpoints/health.ts'],
  ['backend/src/endpoints/oauth', '../../oauth/pkce.ts'],
  ['backend/src/endpoints/oauth', '../connect/session.ts'],
  ['backend/src/connect', '../accounts/redeem.ts'],
  ['backend/src/calendars', '../errors.ts'],
  ['backend/src/calendars', '../accounts/provider-credential.ts'],
  ['backend/src/conferencing', '../accounts/provider-credential.ts'],
  ['backend/src/invitations', '../mail/mailer.ts'],
  ['backend/src/invitations', 'hono/html'],
  ['backend/src/oauth', 'oslo/crypto'],
  ['backend/src/providers/google', '../../outbound/outbound.ts'],
  ['backend/src/providers/google', '../connect.ts'],
  ['backend/src/storage/questions', 'kysely'],
  ['backend/src/outbound', 'node:https'],
  ['backend/src/command', '../storage/store.ts'],
];

/** Prints every line on which the rules and the design disagree. Returns the exit code. */
export function importDirections() {
  const folder = mkdtempSync(join(tmpdir(), 'calendar-connect-imports-'));
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    const fired = violations(folder);
    const disagreements = [
      ...refused.filter((line) => !fired.has(String(line))).map((line) => `not refused: ${line.join(' imports ')}`),
      ...allowed.filter((line) => fired.has(String(line))).map((line) => `refused: ${line.join(' imports ')}`),
    ];
    console.log(disagreements.join('\n') || `${refused.length} forbidden imports are refused, ${allowed.length} others are not.`);
    return disagreements.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function violations(folder) {
  const lines = new Map([...refused, ...allowed].map((line, index) => [write(folder, line, index), line]));
  const { stdout } = spawnSync(tool('oxlint'), ['--format=json', 'packages'], {
    cwd: folder,
    env: workspaceEnvironment(),
    encoding: 'utf8',
  });
  const found = JSON.parse(stdout).diagnostics.filter(({ code }) => code === 'eslint(no-restricted-imports)');
  return new Set(found.map(({ filename }) => String(lines.get(filename))));
}

function write(folder, [importer, specifier], index) {
  const name = `packages/${importer}/importer-${index}.ts`;
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), `export * from '${specifier}';\n`);
  return name;
}
