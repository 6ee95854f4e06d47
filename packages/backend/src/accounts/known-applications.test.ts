import { beforeEach, expect, it, vi } from 'vitest';
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

let nowMs = 1000;
const findApplication = vi.fn(async (): Promise<Application | undefined> => PLANNER);
const create = () => createKnownApplications({ store: { findApplication }, now: () => nowMs });

beforeEach(() => {
  findApplication.mockReset();
  findApplication.mockResolvedValue(PLANNER);
});

it('F04: an application is known for a second after its secret was right, as it was then, and no longer', () => {
  const known = create();
  expect(known.recall('app_1')).toBeUndefined();
  known.remember(PLANNER);
  nowMs += 999;
  expect(known.recall('app_1')).toBe(PLANNER);
  expect(known.recall('app_2')).toBeUndefined();
  nowMs += 1;
  expect(known.recall('app_1')).toBeUndefined();
  expect(findApplication).not.toHaveBeenCalled();
});

it('one that goes on showing its secret is read again once in half a second, and known all the time', async () => {
  const known = create();
  known.remember(PLANNER);
  for (let step = 0; step < 100; step += 1) {
    nowMs += 50;
    expect(known.recall('app_1')).toBe(PLANNER);
    known.renew(PLANNER);
    known.renew(PLANNER);
    await Promise.resolve();
  }
  expect(findApplication).toHaveBeenCalledTimes(10);
});

it('F04: a secret that was replaced is taken for a second at most after it was read, however long reading it again takes', async () => {
  const known = create();
  known.remember(PLANNER);
  nowMs += 500;
  const { promise, resolve } = Promise.withResolvers<Application>();
  findApplication.mockReturnValue(promise);
  known.renew(PLANNER);
  nowMs += 499;
  expect(known.recall('app_1')).toBe(PLANNER);
  nowMs += 1;
  expect(known.recall('app_1')).toBeUndefined();
  // What was read counts from the moment when it was asked for.
  resolve({ ...PLANNER, secretHash: 'another' });
  await promise;
  expect(known.recall('app_1')?.secretHash).toBe('another');
  nowMs += 500;
  expect(known.recall('app_1')).toBeUndefined();
});

it('what was read late does not replace what somebody else has read since', async () => {
  const known = create();
  for (const late of [PLANNER, undefined]) {
    known.remember(PLANNER);
    nowMs += 500;
    const { promise, resolve } = Promise.withResolvers<Application | undefined>();
    findApplication.mockReturnValueOnce(promise);
    known.renew(PLANNER);
    known.remember({ ...PLANNER, secretHash: 'another' });
    resolve(late);
    await promise;
    expect(known.recall('app_1')?.secretHash).toBe('another');
  }
});

it('L14: a clock that is set back makes nothing known for longer', () => {
  const known = create();
  known.remember(PLANNER);
  nowMs -= 1;
  expect(known.recall('app_1')).toBeUndefined();
  nowMs += 1;
  expect(known.recall('app_1')).toBe(PLANNER);
});

it('one that is gone is forgotten when it is read again, and where that fails when its second is over', async () => {
  const known = create();
  for (const [answer, then] of [
    [Promise.resolve(undefined), undefined],
    [Promise.reject(new Error('busy')), PLANNER],
  ] as const) {
    known.remember(PLANNER);
    nowMs += 500;
    findApplication.mockReturnValueOnce(answer);
    known.renew(PLANNER);
    await Promise.allSettled([answer]);
    expect(known.recall('app_1')).toBe(then);
  }
  nowMs += 500;
  expect(known.recall('app_1')).toBeUndefined();
});
