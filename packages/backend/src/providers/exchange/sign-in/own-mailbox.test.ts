import { describe, expect, it } from 'vitest';
import type { ExchangeSession } from '../log-in/session.ts';
import { ownMailboxOf } from './own-mailbox.ts';

const NAMES =
  'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"';
const answer = (operation: string, inside: string, code = 'NoError') =>
  `<s:Envelope ${NAMES}><s:Body><m:${operation}Response><m:ResponseMessages><m:${operation}ResponseMessage ResponseClass="Success">` +
  `<m:ResponseCode>${code}</m:ResponseCode>${inside}</m:${operation}ResponseMessage></m:ResponseMessages></m:${operation}Response></s:Body></s:Envelope>`;
const FOLDER = answer(
  'GetFolder',
  '<m:Folders><t:CalendarFolder><t:FolderId Id="AAA&amp;=" ChangeKey="1"/></t:CalendarFolder></m:Folders>',
);
const mailbox = (address: string) => answer('ConvertId', `<m:AlternateId Format="EwsId" Id="AAA" Mailbox="${address}"/>`);

/** A session of a server that answers so. */
function sessionOf(...bodies: readonly string[]): ExchangeSession & { readonly sent: string[] } {
  const left = [...bodies];
  const sent: string[] = [];
  return {
    sent,
    scheme: 'ntlm',
    open: true,
    send: (_path, request) => {
      sent.push(String(request.body));
      const body = left.shift();
      return Promise.resolve(
        body === undefined ? { outcome: 'wrong_password' } : { outcome: 'answered', response: new Response(body, { status: 200 }) },
      );
    },
    close: () => undefined,
  };
}

describe('whose mailbox a login opens', () => {
  it('is what the server makes of the id of its own calendar', async () => {
    const session = sessionOf(FOLDER, mailbox('ann@corp.example'));
    expect(await ownMailboxOf(session, '/EWS/Exchange.asmx')).toBe('ann@corp.example');
    expect(session.sent[1]).toContain('Id="AAA&amp;="');
  });

  it.each<[string, readonly string[]]>([
    ['repeats our own placeholder', [FOLDER, mailbox('Nobody@Example.Invalid')]],
    ['says nothing', [FOLDER, mailbox('')]],
    ['refuses', [FOLDER, answer('ConvertId', '', 'ErrorInvalidIdMalformed')]],
    ['has no calendar', [answer('GetFolder', '<m:Folders/>')]],
    ['answers something else', ['<html/>']],
    ['ends the login', [FOLDER]],
  ])('is not proven where the server %s', async (_what, bodies) => {
    expect(await ownMailboxOf(sessionOf(...bodies), '/EWS/Exchange.asmx')).toBeUndefined();
  });
});
