import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { approvalLink, waitForAdmin } from '../src/connect/wait-for-admin.ts';
import { createCalendarConnect } from '../src/index.ts';
import { openBackend } from '../src/open-backend.ts';
import { startNotifiedServer } from './support/notified-server.ts';
import { openPage } from './support/partner-page.ts';
import { createWorld, KEYS, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld({ database: 'file' });
});
afterEach(() => world.close());

it('what was to be told when a backend ended is told when the next one starts; until then the database holds no link', async () => {
  const partner = await startNotifiedServer();
  onTestFinished(() => partner.close());
  await world.connect.applications.update(world.application.clientId, { notificationUrl: partner.url });
  const session = await openPage(world).mint();
  await session.start();
  await world.connect.close();

  const settings = { publicUrl: world.publicUrl, keys: KEYS, log: () => undefined, now: world.clock.now };
  const earlier = await openBackend({ ...settings, database: world.database.open(), providers: [world.provider] });
  const found = await earlier.store.findSession(session.id);
  const waiting = found && (await waitForAdmin(earlier, found));
  if (waiting === undefined) throw new Error('the session does not wait');
  await earlier.store.nameOrganisation({
    id: waiting.approval.id,
    email: 'Amira@Partner.example',
    organisation: 'a tenant',
    nowMs: earlier.now(),
  });
  const about = { applicationId: world.application.clientId, sessionId: session.id, approvalId: waiting.approval.id };
  await earlier.store.addNotifications([{ type: 'pending_admin_approval', ...about, nowMs: earlier.now() }]);
  const link = await approvalLink(earlier, waiting.approval);
  await earlier.store.close();
  const token = link.slice(`${world.publicUrl}/connect/approve/`.length);
  const stored = await world.database.contents();
  expect(token.length).toBeGreaterThan(40);
  expect(stored).toContain(waiting.approval.id);
  for (const secret of [token, world.application.clientSecret]) expect(stored).not.toContain(secret);

  const outbound = { allow: ['loopback'] };
  const next = await createCalendarConnect({ ...settings, database: world.database.open(), providers: [world.provider], outbound });
  onTestFinished(() => next.close());
  await expect
    .poll(() => partner.received[0]?.notification, { timeout: 8000 })
    .toMatchObject({
      type: 'pending_admin_approval',
      session_id: session.id,
      provider: 'google',
      organisation: 'partner.example',
      approval_url: link,
    });
  expect(partner.received[0]?.body.toString()).not.toMatch(/amira/i);
});
