import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { examineMailbox } from './examine-mailbox.ts';
import { type Examined, examine, type ExamineRequest } from './examine.ts';
import { poxSettings, scriptedExchange } from './scripted-exchange.contract.ts';
import { createInternet } from './scripted-internet.contract.ts';

const ADDRESS = 'ann@corp.example';
/** A server that writes the mail address into the path that it names. */
const TELLING = `https://mail.corp.example/EWS/${ADDRESS}/Exchange.asmx`;
const SHOWN = 'https://mail.corp.example/…';
const LOGIN = { userName: 'CORP\\ann', password: 'right' };

async function examined(
  request: Partial<ExamineRequest>,
  logins: Readonly<Record<string, string>> = { 'CORP\\ann': 'right' },
): Promise<Examined> {
  const { conversations, resolveServices } = await createInternet({
    'autodiscover.corp.example': {
      https: scriptedExchange({ v2: () => ({ body: JSON.stringify({ Protocol: 'EWS', Url: TELLING }) }), pox: () => poxSettings(TELLING) }),
    },
    'mail.corp.example': { https: scriptedExchange({ logins }) },
  });
  const asked = { address: ADDRESS, serverAddress: undefined, login: undefined, knowledge: { allows: () => false }, ...request };
  return examine({ conversations, resolveServices, now: Date.now, randomBytes }, asked);
}

it('shows no path that a server wrote the mail address into, where it only looks', async () => {
  const seen = await examined({});
  expect(seen.conclusion).toEqual({ outcome: 'found', ewsUrl: SHOWN });
  expect(JSON.stringify(seen)).not.toContain(ADDRESS);
});

it('shows none where the server lets the login in, and where it does not', async () => {
  for (const [logins, means] of [
    [{ 'CORP\\ann': 'right' }, 'ews_found'],
    [{}, 'login_refused'],
  ] as const) {
    const seen = await examined({ login: LOGIN }, logins);
    expect(seen.trace.at(-1)).toMatchObject({ asked: SHOWN, means });
    expect(JSON.stringify([seen.trace, seen.conclusion])).not.toContain(ADDRESS);
  }
});

it('goes on where a question ends with a surprise, and tells its name and not its text', async () => {
  let sent = 0;
  const looks = await examineMailbox({
    connection: {
      send: () => {
        sent += 1;
        return Promise.reject(new TypeError(`the server wrote ${ADDRESS}`));
      },
      close: () => undefined,
    },
    now: Date.now,
    address: ADDRESS,
    own: { outcome: 'unsaid' },
    serverVersion: '15.1.2507.6',
  });
  const surprise = { outcome: 'unavailable', answered: 'not asked: TypeError' };
  expect(looks.slice(1)).toEqual(['calendars', 'free_busy', 'changes', 'rooms'].map((question) => ({ question, ...surprise })));
  expect(sent).toBe(4);
});
