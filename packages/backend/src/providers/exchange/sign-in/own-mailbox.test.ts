import { describe, expect, it } from 'vitest';
import { askSession, WHERE_IS_THE_CALENDAR } from '../log-in/ask-session.ts';
import type { ExchangeSession, SessionAnswer } from '../log-in/session.ts';
import { ewsAnswer, ewsFault } from '../scripted-exchange.contract.ts';
import { ownMailboxOf } from './own-mailbox.ts';

const BACK_OFF = '<t:MessageXml><t:Value Name="BackOffMilliseconds">60000</t:Value></t:MessageXml>';
const answer = (operation: string, inside: string, code = 'NoError') =>
  ewsAnswer(
    `<m:${operation}Response><m:ResponseMessages><m:${operation}ResponseMessage ResponseClass="${code === 'NoError' ? 'Success' : 'Error'}">` +
      `<m:ResponseCode>${code}</m:ResponseCode>${inside}</m:${operation}ResponseMessage></m:ResponseMessages></m:${operation}Response>`,
  );
const FOLDER = answer(
  'GetFolder',
  '<m:Folders><t:CalendarFolder><t:FolderId Id="AAA&amp;=" ChangeKey="1"/></t:CalendarFolder></m:Folders>',
);
const mailbox = (address: string) => answer('ConvertId', `<m:AlternateId Format="EwsId" Id="AAA" Mailbox="${address}"/>`);
const fault = (code: string, more = ''): SessionAnswer => {
  const { status = 200, body = '' } = ewsFault(code, more);
  return { outcome: 'answered', response: new Response(body, { status }) };
};
const MAILBOX = 'ann@corp.example';

/** A session of a server that answers so, and then refuses the login. */
function sessionOf(...answers: readonly (string | SessionAnswer)[]) {
  const left = [...answers];
  const sent: { readonly body: string; readonly anchor: string | undefined }[] = [];
  const session: ExchangeSession = {
    scheme: 'ntlm',
    open: true,
    send: (_path, { body, headers }) => {
      sent.push({ body: String(body), anchor: headers?.['x-anchormailbox'] });
      const next = left.shift() ?? { outcome: 'wrong_password' };
      return Promise.resolve(typeof next === 'string' ? { outcome: 'answered', response: new Response(next) } : next);
    },
    close: () => undefined,
  };
  const asked = { session, path: '/EWS/Exchange.asmx', mailbox: MAILBOX };
  const ask = async () => {
    const calendar = await askSession(asked, WHERE_IS_THE_CALENDAR);
    if (calendar.outcome !== 'ok') throw new Error(calendar.outcome);
    return ownMailboxOf(asked, calendar.message);
  };
  return { sent, ask };
}

describe('whose mailbox a login opens', () => {
  it('is what the server makes of the id of its own calendar, asked of the server that has it', async () => {
    const { ask, sent } = sessionOf(FOLDER, mailbox('ann@corp.example'));
    expect(await ask()).toEqual({ outcome: 'said', mailbox: { address: 'ann@corp.example', domain: 'corp.example' } });
    expect(sent[1]?.body).toContain('Id="AAA&amp;="');
    expect(sent.map(({ anchor }) => anchor)).toEqual([MAILBOX, MAILBOX]);
  });

  it.each<[string, readonly (string | SessionAnswer)[]]>([
    ['repeats our own placeholder', [FOLDER, mailbox('Nobody@Example.Invalid')]],
    ['says nothing', [FOLDER, mailbox('')]],
    ['says what is no address', [FOLDER, mailbox('ann')]],
    ['does not know its own id', [FOLDER, answer('ConvertId', '', 'ErrorInvalidIdMalformed')]],
    ['does not know the question', [FOLDER, fault('ErrorInvalidOperation')]],
    ['cannot read the question', [FOLDER, fault('ErrorSchemaValidation')]],
    ['has no calendar', [answer('GetFolder', '<m:Folders/>')]],
  ])('is not said where the server %s', async (_what, answers) => {
    expect(await sessionOf(...answers).ask()).toEqual({ outcome: 'unsaid' });
  });

  it.each<[string, readonly (string | SessionAnswer)[], object]>([
    ['is busy', [FOLDER, fault('ErrorServerBusy', BACK_OFF)], { outcome: 'throttled', retryAfterMs: 60_000, code: 'ErrorServerBusy' }],
    ['is busy inside of a good answer', [FOLDER, answer('ConvertId', BACK_OFF, 'ErrorInternalServerError')], { outcome: 'throttled' }],
    ['has a full queue', [FOLDER, { outcome: 'throttled', retryAfterMs: 7000 }], { outcome: 'throttled', retryAfterMs: 7000 }],
    ['is gone', [FOLDER, { outcome: 'unreachable', reason: 'ECONNRESET' }], { outcome: 'unreachable', reason: 'ECONNRESET' }],
    ['does not allow it', [FOLDER, fault('ErrorAccessDenied')], { outcome: 'not_allowed', code: 'ErrorAccessDenied' }],
    ['lets the password expire', [FOLDER, fault('ErrorPasswordExpired')], { outcome: 'locked_or_expired', code: 'ErrorPasswordExpired' }],
    ['ends the login', [FOLDER], { outcome: 'wrong_password' }],
    ['answers with a page', [FOLDER, '<html/>'], { outcome: 'not_exchange', status: 200 }],
  ])('is refused for the reason there is, where the server %s', async (_what, answers, expected) => {
    expect(await sessionOf(...answers).ask()).toMatchObject(expected);
  });
});
