import { expect, it } from 'vitest';
import type { Application } from '../storage/questions/applications.ts';
import { createKnownApplications } from './known-applications.ts';

const PLANNER: Application = {
  id: 'app_1',
  name: 'Planner',
  secretHash: 'hash',
  redirectUris: [],
  origins: [],
  accessModes: ['full'],
  scope: 'free_busy_write',
  createdAtMs: 0,
  notificationUrl: undefined,
  secretSealed: undefined,
  mailsApprovals: false,
  providers: [],
  defaultAccessMode: undefined,
  branding: { accentColor: undefined, privacyUrl: undefined },
  invitations: { organizerName: undefined, organizerEmail: undefined, replyTo: undefined },
};

it('F04: an application is known for a second after its secret was right, as it was then, and no longer', () => {
  let nowMs = 1000;
  const known = createKnownApplications(() => nowMs);
  expect(known.recall('app_1')).toBeUndefined();
  known.remember(PLANNER);
  nowMs += 999;
  expect(known.recall('app_1')).toBe(PLANNER);
  expect(known.recall('app_2')).toBeUndefined();
  nowMs += 1;
  expect(known.recall('app_1')).toBeUndefined();
});
