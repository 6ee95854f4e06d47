import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { basicCredentials, bearerToken } from './credentials.ts';

const app = new Hono();
app.get('/', (c) => c.json({ bearer: bearerToken(c), basic: basicCredentials(c) }));

async function read(authorization?: string): Promise<{ bearer?: string; basic?: { clientId: string; clientSecret: string } }> {
  const response = await app.request('/', { headers: authorization === undefined ? {} : { authorization } });
  return (await response.json()) as { bearer?: string; basic?: { clientId: string; clientSecret: string } };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a bearer token', () => {
  it.each(['Bearer', 'bearer', 'BEARER'])('is read behind %s', async (scheme) => {
    expect(await read(`${scheme} a-_.~+/9==`)).toEqual({ bearer: 'a-_.~+/9==' });
  });

  it.each([
    undefined,
    'Bearer',
    'Bearer ',
    'Bearer  a',
    'Bearer\ta',
    'Bearer a b',
    'Bearer a, Bearer b',
    'Bearera',
    'Token a',
    'Bearer ä',
    'Bearer =a',
  ])('is not read from %j', async (authorization) => {
    expect(await read(authorization)).toEqual({});
  });
});

describe('HTTP Basic', () => {
  it('gives back any id and secret that were form-encoded first', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.toWellFormed());
    await fc.assert(
      fc.asyncProperty(text, text, async (clientId, clientSecret) => {
        const encoded = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
        expect((await read(`Basic ${base64(encoded)}`)).basic).toEqual({ clientId, clientSecret });
      }),
      { numRuns: 100 },
    );
  });

  it('reads a plus as a space, and everything behind the first colon as the secret', async () => {
    expect((await read(`basic ${base64('a+b:c:d%3A')}`)).basic).toEqual({ clientId: 'a b', clientSecret: 'c:d:' });
  });

  it.each([
    'Basic',
    'Basic !',
    `Basic ${base64('no colon')}`,
    `Basic ${base64('a:%')}`,
    `Basic ${base64('%ff:a')}`,
    `Basic ${base64('a:b')}, x`,
  ])('is not read from %j', async (authorization) => {
    expect(await read(authorization)).toEqual({});
  });
});
