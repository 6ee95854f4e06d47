import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type ScriptedExchange, scriptedExchange } from '../scripted-exchange.contract.ts';
import { bodyOf, createInternet, type Internet } from '../scripted-internet.contract.ts';
import { type AccountConnection, createAccountConnection } from './account-connection.ts';
import { createSchemeMemory } from './choose-scheme.ts';
import { createLoginGate } from './login-gate.ts';

const HOST = 'mail.corp.example';

async function connect(https: RequestListener): Promise<{ readonly internet: Internet; readonly account: AccountConnection }> {
  const internet = await createInternet({ [HOST]: { https } });
  const account = createAccountConnection(
    {
      url: new URL(`https://${HOST}/EWS/Exchange.asmx`),
      mailbox: 'ann@corp.example',
      login: { userName: 'ann@corp.example', password: 'right' },
    },
    { conversations: internet.conversations, now: Date.now, randomBytes, schemes: createSchemeMemory() },
  );
  return { internet, account };
}

/** Several connections of one account, as calls that come together have them. */
async function connectTimes(count: number, https: RequestListener, passwords: readonly string[] = ['right']) {
  const internet = await createInternet({ [HOST]: { https } });
  const parts = {
    conversations: internet.conversations,
    now: Date.now,
    randomBytes,
    schemes: createSchemeMemory(),
    logins: createLoginGate(),
  };
  const accounts = Array.from({ length: count }, (_, index) =>
    createAccountConnection(
      {
        url: new URL(`https://${HOST}/EWS/Exchange.asmx`),
        mailbox: 'ann@corp.example',
        login: { userName: 'ann@corp.example', password: passwords[index % passwords.length] ?? '' },
      },
      parts,
    ),
  );
  return { internet, accounts };
}

const read = { body: '<read/>', repeatable: true };
const write = { body: '<write/>', repeatable: false };
const bodies = ({ seen }: Internet) => seen.map(({ body }) => body).filter((body) => body !== '');

/** An Exchange that breaks the connection instead of answering what `breaks` says, once. */
function breaking(breaks: string, script: ScriptedExchange = {}): RequestListener {
  const server = scriptedExchange(script);
  let broken = false;
  let answered = 0;
  return (request, response) => {
    answered += bodyOf(request) === breaks ? 1 : 0;
    if (!broken && answered === 2) {
      broken = true;
      request.socket.destroy();
    } else server(request, response);
  };
}

describe('the connection of an account', () => {
  it('logs in once for many requests, also where they come together', async () => {
    const { internet, account } = await connect(scriptedExchange({}));
    const answers = await Promise.all([read, write, read, write].map((request) => account.send(request)));
    account.close();
    expect(answers.map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'answered', 'answered']);
    expect(internet.seen.map(({ secret }) => secret).filter((secret) => secret !== 'none')).toEqual(['ntlm_response']);
    expect([internet.connected.length, bodies(internet)]).toEqual([1, ['<read/>', '<write/>', '<read/>', '<write/>']]);
  });

  it('names the mailbox and the kind of document with each request', async () => {
    const heads: string[] = [];
    const server = scriptedExchange({});
    const { account } = await connect((request, response) => {
      if (request.method === 'POST')
        heads.push(['x-anchormailbox', 'content-type', 'user-agent'].map((name) => String(request.headers[name])).join(' '));
      server(request, response);
    });
    await account.send(read);
    account.close();
    expect(new Set(heads)).toEqual(new Set(['ann@corp.example text/xml; charset=utf-8 CalendarConnect/1.0']));
  });

  it('opens anew, and logs in anew, where the server has closed the connection meanwhile', async () => {
    const server = scriptedExchange({});
    const { internet, account } = await connect((request, response) => {
      server(request, response);
      if (bodyOf(request) !== '') setTimeout(() => request.socket.destroy(), 5);
    });
    expect(await account.send(write)).toMatchObject({ outcome: 'answered' });
    await delay(50);
    expect(await account.send(write)).toMatchObject({ outcome: 'answered' });
    account.close();
    expect([internet.connected.length, bodies(internet)]).toEqual([2, ['<write/>', '<write/>']]);
  });

  it('repeats what only reads, where the connection broke in the moment it was used', async () => {
    const { internet, account } = await connect(breaking('<read/>'));
    await account.send(read);
    expect(await account.send(read)).toMatchObject({ outcome: 'answered' });
    account.close();
    expect(bodies(internet)).toEqual(['<read/>', '<read/>', '<read/>']);
  });

  it('does not repeat what writes: nobody knows whether it has arrived', async () => {
    const { internet, account } = await connect(breaking('<write/>'));
    await account.send(write);
    expect(await account.send(write)).toMatchObject({ outcome: 'unreachable', reason: 'ECONNRESET' });
    expect(await account.send(read)).toMatchObject({ outcome: 'answered' });
    account.close();
    expect(bodies(internet)).toEqual(['<write/>', '<write/>', '<read/>']);
  });

  it('works with a server that ends each connection, where the password itself is sent', async () => {
    const server = scriptedExchange({ offers: { ews: ['Basic realm="x"'] } });
    const { internet, account } = await connect((request, response) => {
      response.setHeader('connection', 'close');
      server(request, response);
    });
    expect(await account.send(write)).toMatchObject({ outcome: 'answered' });
    expect(await account.send(write)).toMatchObject({ outcome: 'answered' });
    account.close();
    expect(bodies(internet)).toEqual(['<write/>', '<write/>']);
  });

  it('sends a password that was refused never again, whatever is asked', async () => {
    const { internet, account } = await connect(scriptedExchange({ logins: {} }));
    for (let times = 0; times < 3; times += 1) expect(await account.send(read)).toMatchObject({ outcome: 'wrong_password' });
    account.close();
    expect(internet.seen.filter(({ secret }) => secret !== 'none')).toHaveLength(1);
  });

  it.each([['NTLM'], ['Basic realm="x"']])(
    'tries a password that was changed once for all calls that come together, by %s',
    async (offer) => {
      const { internet, accounts } = await connectTimes(8, scriptedExchange({ logins: {}, offers: { ews: [offer] } }));
      const answers = await Promise.all(accounts.map((account) => account.send(read)));
      for (const account of accounts) account.close();
      expect(answers).toEqual(accounts.map(() => ({ outcome: 'wrong_password' })));
      expect(internet.seen.filter(({ secret }) => secret !== 'none')).toHaveLength(1);
    },
  );

  it('holds up no call whose password is right, and takes one refused password for no other', async () => {
    const { internet, accounts } = await connectTimes(6, scriptedExchange({}), ['wrong', 'right']);
    const answers = await Promise.all(accounts.map((account) => account.send(read)));
    for (const account of accounts) account.close();
    const expected = ['wrong_password', 'answered'];
    expect(answers.map(({ outcome }) => outcome)).toEqual([...expected, ...expected, ...expected]);
    expect(internet.seen.filter(({ secret }) => secret !== 'none')).toHaveLength(4);
  });
});
