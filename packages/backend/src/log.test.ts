import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeError, logToStandardError } from './log.ts';

describe('the log on standard error', () => {
  const written: string[] = [];
  beforeEach(() => {
    written.length = 0;
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());

  it('is one line of JSON per entry, with its time', () => {
    logToStandardError({ level: 'warn', event: 'work_postponed', failures: 2 });
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0] ?? '')).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'warn',
      event: 'work_postponed',
      failures: 2,
    });
  });

  it('M02: takes no second line, no escape sequence and no megabyte from a value', () => {
    const hint = `a\r\n{"level":"error","event":"forged"}\u001B[31m\u2028${'x'.repeat(1_000_000)}`;
    logToStandardError({ level: 'warn', event: 'work_postponed', hint });
    const [line = ''] = written;
    expect(line.trimEnd().split(/[\r\n]/)).toHaveLength(1);
    expect(line).not.toContain('\u001B');
    expect(line.length).toBeLessThan(3000);
    expect(JSON.parse(line)).toMatchObject({ event: 'work_postponed', hint: expect.stringContaining('forged') });
  });
});

it('M03: an error is logged by its name, code and place, never by its message', () => {
  const error = Object.assign(new TypeError('the token abc'), { code: 'E_CODE' });
  expect(describeError(error)).toMatchObject({ error: 'TypeError', code: 'E_CODE', frames: expect.stringContaining('log.test.ts') });
  expect(JSON.stringify(describeError(error))).not.toContain('abc');
  expect(describeError('the token abc')).toEqual({ error: 'unknown' });
});
