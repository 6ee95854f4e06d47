import { describe, expect, it } from 'vitest';
import { openBackend } from './open-backend.ts';
import type { CalendarConnectOptions } from './options.ts';
import type { Network } from './outbound/network.ts';
import { OutboundError } from './outbound/outbound-error.ts';
import { serveHttp, serveProxy } from './outbound/servers.contract.ts';
import { google } from './providers/google/google.ts';
import { CLIENT, EXCHANGE } from './providers/google/scripted-google.contract.ts';
import type { Provider } from './providers/provider.ts';
import { openSqlite } from './storage/sqlite.ts';

const KEYS = `k1:${Buffer.from('a key of thirty-two bytes, no more').subarray(0, 32).toString('base64url')}`;

async function open(changes: Partial<CalendarConnectOptions>) {
  return openBackend({
    publicUrl: 'https://connect.example',
    database: openSqlite({ file: ':memory:' }),
    keys: KEYS,
    providers: [],
    ...changes,
  });
}

describe('a backend and its doors to the network', () => {
  it('gives both doors to every provider, with what the operator allows', async () => {
    const given: (Network | undefined)[] = [];
    const provider: Provider = {
      ...google({ clientId: 'id', clientSecret: 'secret' }),
      connect: (network) => Promise.reject(new Error(String(given.push(network)))),
      calendar: (network) => Promise.reject(new Error(String(given.push(network)))),
    };
    const server = await serveHttp((_, response) => response.end('here'));
    const backend = await open({ providers: [provider], outbound: { allow: ['loopback'] } });
    const configured = backend.providers.get('google');
    await expect(configured?.connect()).rejects.toThrow('1');
    await expect(configured?.calendar()).rejects.toThrow('2');
    expect(given).toEqual([backend.network, backend.network]);
    expect(await (await backend.network.guarded.fetch(`http://localhost:${server.port}/`)).text()).toBe('here');
    await backend.store.close();
    const closed = await open({});
    await expect(closed.network.guarded.fetch(`http://localhost:${server.port}/`)).rejects.toThrow(OutboundError);
    await closed.store.close();
  });

  it('sends Google’s requests through the operator’s proxy', async () => {
    const proxy = await serveProxy({ status: () => 503 });
    const provider = google({ clientId: 'id', clientSecret: 'secret' });
    const backend = await open({ providers: [provider], outbound: { proxy: `http://127.0.0.1:${proxy.port}` } });
    const connect = await backend.providers.get('google')?.connect();
    expect(await connect?.exchange(CLIENT, EXCHANGE)).toMatchObject({ outcome: 'failed', reason: 'provider_unavailable' });
    expect(proxy.asked.map(({ target }) => target)).toEqual(['oauth2.googleapis.com:443']);
    await backend.store.close();
  });

  it.each([
    [{ outbound: { allow: ['*'] } }, 'outbound.allow: expected a host such as'],
    [{ outbound: { allow: 'mail.corp.example' } }, 'outbound.allow: expected a list of texts, received "mail.corp.example"'],
    [{ outbound: { ports: 443 } }, 'outbound.ports: expected a list of numbers, received number'],
    [{ outbound: { ports: [0] } }, 'outbound.ports: expected numbers from 1 to 65535, received "0"'],
    [{ outbound: { proxy: 'socks5://me:top-secret@proxy' } }, 'outbound.proxy: expected an address such as'],
    [{ outbound: { ca: 'none' } }, 'outbound.ca: expected certificates in PEM'],
    [{ trustedProxies: 'loopback' }, 'trustedProxies: expected a list of texts, received "loopback"'],
    [{ trustedProxies: ['everybody'] }, 'trustedProxies: expected an address, a block'],
  ])('is not opened with %j, and the database is left alone', async (changes, message) => {
    const database = openSqlite({ file: ':memory:' });
    let asked = 0;
    const watched = { ...database, ask: (...question: Parameters<typeof database.ask>) => ((asked += 1), database.ask(...question)) };
    const opening = open({ ...(changes as object), database: watched as typeof database });
    await expect(opening).rejects.toMatchObject({ code: 'option_invalid', message: expect.stringContaining(message) });
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('top-secret') });
    expect(asked).toBe(0);
    await database.close();
  });
});
