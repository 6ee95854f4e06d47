import { describe, expect, it } from 'vitest';
import { createAuthenticationLimits } from './authentication-limits.ts';

const PLANNER = 'app_planner';
const OFFICE = '192.0.2.1';

function limitsAt() {
  let nowMs = 1_000_000;
  const limits = createAuthenticationLimits(() => nowMs);
  const fail = (address: string | undefined, applicationId = PLANNER, isKnownApplication = true) =>
    limits.failed({ address, applicationId, isKnownApplication });
  const waits = (address: string | undefined, applicationId = PLANNER) => limits.waitMs({ address, applicationId }) > 0;
  return { limits, fail, waits, pass: (ms: number) => (nowMs += ms) };
}

describe('wrong secrets', () => {
  it('F01: from one address are looked at thirty times, then every two seconds', () => {
    const { fail, waits, pass } = limitsAt();
    for (let n = 0; n < 30; n += 1) {
      expect(waits(OFFICE)).toBe(false);
      expect(fail(OFFICE)).toBe(0);
    }
    expect(waits(OFFICE)).toBe(true);
    expect(waits(OFFICE, 'app_other')).toBe(true);
    expect(waits('192.0.2.2')).toBe(false);
    pass(2000);
    expect(waits(OFFICE)).toBe(false);
  });

  it('F01: for one application are told to wait after a hundred, from however many addresses; the right one is looked at all the same', () => {
    const { fail, waits } = limitsAt();
    for (let n = 0; n < 100; n += 1) expect(fail(`address ${n}`)).toBe(0);
    expect(fail('a new address')).toBeGreaterThan(0);
    expect(waits('another new address')).toBe(false);
    expect(fail('a new address', 'app_other')).toBe(0);
  });

  it('F01: do not keep an address from trying from which the right one came within a day', () => {
    const { limits, fail, waits, pass } = limitsAt();
    limits.succeeded({ applicationId: PLANNER, address: OFFICE });
    for (let n = 0; n < 1000; n += 1) fail(`address ${n}`);
    for (let n = 0; n < 1000; n += 1) fail(OFFICE);
    expect(waits(OFFICE)).toBe(false);
    expect(waits(OFFICE, 'app_other')).toBe(true);
    expect(fail(OFFICE)).toBeGreaterThan(0);
    pass(24 * 3600_000 - 1);
    for (let n = 0; n < 100; n += 1) fail(OFFICE);
    expect(waits(OFFICE)).toBe(false);
    pass(1);
    expect(waits(OFFICE)).toBe(true);
  });

  it('F05: for invented applications take up no place of real ones', () => {
    const { fail } = limitsAt();
    for (let n = 0; n < 200; n += 1) fail(undefined);
    for (let n = 0; n < 100_000; n += 1) fail(undefined, `app_invented_${n}`, false);
    expect(fail(undefined)).toBeGreaterThan(0);
  });

  it('count for the application alone where nobody tells the address', () => {
    const { fail, waits } = limitsAt();
    for (let n = 0; n < 100; n += 1) expect(fail(undefined)).toBe(0);
    expect(fail(undefined)).toBeGreaterThan(0);
    expect([fail(undefined, 'app_other'), waits(undefined)]).toEqual([0, false]);
  });
});
