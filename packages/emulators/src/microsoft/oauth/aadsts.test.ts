import { describe, expect, test } from 'vitest';
import { CLIENT_ID, createMicrosoftUnderTest, LEA, STATE } from '../../../test/microsoft-under-test.ts';
import { AADSTS_CODES } from './aadsts-table.ts';

/** The codes that an app has to tell apart. */
const CODES = [
  65001, 65004, 90094, 90095, 90097, 900971, 50020, 16000, 50034, 51004, 90072, 500208, 9002332, 50194, 90130, 90124, 700016, 700011, 70001,
  7000112, 500011, 650052, 650054, 650056, 650057, 50105, 50011, 70000, 70008, 700082, 50173, 70043, 50132, 50133, 50089, 700084, 54005,
  501481, 50147, 501491, 700005, 9002313, 90014, 900144, 28000, 28002, 28003, 70011, 700022, 7000215, 7000222, 7000218, 700027, 50076,
  50079, 50078, 53000, 53001, 53002, 53003, 53004, 530032, 50158, 50053, 50055, 50057, 50126, 50196, 90033, 90090, 90024, 90006, 50033,
];

describe.each(CODES)('AADSTS%i', (code) => {
  test('can be the token endpoint’s answer', async () => {
    const { token, control } = createMicrosoftUnderTest();
    control.addFault({ group: 'token', aadsts: code, times: 1 });
    const refresh = { grant_type: 'refresh_token', refresh_token: 'x' };

    const { status, body } = await token(refresh);

    expect(body).toMatchObject({
      error_codes: [code],
      error_description: expect.stringMatching(new RegExp(`^AADSTS${code}: \\S.* Trace ID: `)),
    });
    expect(body['error']).toMatch(/^[a-z_]+$/);
    expect(status).toBe(statusOf(code));
    expect((await token(refresh)).body['error_codes']).toEqual([9002313]);
  });

  test('can be what the callback says, or what Microsoft’s page says without a callback', async () => {
    const { browser, authorizeUrl, control } = createMicrosoftUnderTest();
    control.addFault({ group: 'authorize', aadsts: code, times: 1 });
    const { location } = await browser.visit(authorizeUrl());
    expect(location?.searchParams.get('error_description')).toContain(`AADSTS${code}: `);
    expect(location?.searchParams.get('state')).toBe(STATE);

    control.setFor(LEA, { signInError: code });
    await browser.visit(authorizeUrl());
    const page = await browser.press(LEA);
    expect(page.location).toBeUndefined();
    expect(page.text).toContain(`AADSTS${code}: `);
  });
});

function statusOf(code: number): number {
  if ([7000215, 7000222, 7000218, 700027].includes(code)) return 401;
  return [90033, 90090, 90024, 90006, 50033].includes(code) ? 503 : 400;
}

test('the emulator has every one of them', () => {
  expect(CODES.filter((code) => !AADSTS_CODES.includes(code))).toEqual([]);
});

test('a person’s switch can put a code in the callback after the account was chosen', async () => {
  const { connect, control } = createMicrosoftUnderTest();
  control.setFor(LEA, { callbackError: 90094 });

  const { location } = await connect(LEA);

  expect(location?.searchParams.get('error')).toBe('access_denied');
  expect(location?.searchParams.get('error_description')).toContain('AADSTS90094:');
  expect(location?.searchParams.get('error_description')).toContain('Planner');
});

test('errors name the app where Microsoft’s do', async () => {
  const { connect, control } = createMicrosoftUnderTest();
  control.setFor(LEA, { callbackError: 65001 });

  expect((await connect(LEA)).location?.searchParams.get('error_description')).toContain(`with ID '${CLIENT_ID}' named 'Planner'`);
});
