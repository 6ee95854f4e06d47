import { describe, expect, it } from 'vitest';
import { RETRY_AFTER_CAP_MS } from '../../outbound/retry-after.ts';
import { refusal } from './caller.ts';
import { ewsAccessFailure, ewsFailure } from './ews-errors.ts';
import { readAnswer } from './soap.ts';

const CALLER = { hints: { noMailbox: 'no mailbox', notAllowed: 'ask an administrator' } };

describe('what a code of Exchange means', () => {
  it.each([
    'ErrorImpersonateUserDenied',
    'ErrorImpersonationDenied',
    'ErrorImpersonationFailed',
    'ErrorProxyRequestNotAllowed',
    'ErrorMailboxLogonFailed',
  ])('is that an administrator has to act: %s', (code) => {
    const refused = refusal({ status: 500, code });
    expect(ewsFailure(CALLER, 'the calendar', refused)).toMatchObject({
      outcome: 'forbidden',
      operatorHint: expect.stringContaining(code),
    });
    expect(ewsAccessFailure(CALLER, 'free/busy', { ...refused, whole: false })).toMatchObject({ outcome: 'denied' });
  });

  it.each(['ErrorServerBusy', 'ErrorMailboxMoveInProgress', 'ErrorADUnavailable', 'ErrorOfTomorrow'])(
    'is no fault of anybody’s: %s',
    (code) => {
      expect(ewsFailure(CALLER, 'the calendar', refusal({ status: 500, code }))).toMatchObject({ outcome: 'unavailable' });
    },
  );
});

describe('how long a busy server wants to be left alone', () => {
  const retryAfterOf = async (value: string) => {
    const detail = `<e:ResponseCode xmlns:e="urn:e">ErrorServerBusy</e:ResponseCode><t:MessageXml xmlns:t="urn:t"><t:Value Name="BackOffMilliseconds">${value}</t:Value></t:MessageXml>`;
    const body = `<s:Envelope xmlns:s="urn:s"><s:Body><s:Fault><detail>${detail}</detail></s:Fault></s:Body></s:Envelope>`;
    const { answer } = await readAnswer(new Response(body, { status: 500 }), 0);
    return answer.refused ? answer.retryAfterMs : 'not refused';
  };

  it.each([
    ['297749', 297_749],
    ['1e300', RETRY_AFTER_CAP_MS],
    ['9'.repeat(400), RETRY_AFTER_CAP_MS],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('is at most an hour, and nothing where it cannot be read: %j', async (value, expected) => {
    expect(await retryAfterOf(value)).toBe(expected);
  });
});
