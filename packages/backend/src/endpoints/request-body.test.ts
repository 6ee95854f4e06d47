import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { BodyError, field, readFields, readJson } from './request-body.ts';

const app = new Hono();
app.post('/fields', async (c) => c.json([...(await readFields(c))]));
app.post('/json', async (c) => c.json({ read: await readJson(c) }));
app.onError((error, c) => (error instanceof BodyError ? c.text(error.message, error.status) : c.text(error.message, 500)));

async function post(path: string, body: string | ReadableStream<Uint8Array>, type: string): Promise<{ status: number; text: string }> {
  const init = { method: 'POST', body, headers: { 'content-type': type }, duplex: 'half' };
  const response = await app.request(path, init);
  return { status: response.status, text: await response.text() };
}

const fieldsOf = async (body: string, type: string): Promise<unknown> => JSON.parse((await post('/fields', body, type)).text) as unknown;

describe('the fields of a body', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"', 'application/json; profile=x'])(
    'are read from %s',
    async (type) => {
      expect(await fieldsOf('{"a":"1","b":true,"c":false,"d":null}', type)).toEqual([
        ['a', '1'],
        ['b', 'true'],
        ['c', 'false'],
      ]);
    },
  );

  it('are the same from JSON and from a form, whatever is in them', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 }).map((value) => value.toWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.dictionary(text, text, { maxKeys: 6, noNullPrototype: true }), async (fields) => {
        const fromForm = await fieldsOf(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded');
        expect(await fieldsOf(JSON.stringify(fields), 'application/json')).toEqual(fromForm);
        expect(fromForm).toEqual(Object.entries(fields));
      }),
      { numRuns: 200 },
    );
  });

  it('are refused where a name stands twice, however it is written', async () => {
    for (const body of ['{"a":"1","a":"1"}', '{"a":"1","\\u0061":"2"}', '{"a":{"b":"c"},"a":"1"}', '{"a":"1" , "a" :null}']) {
      expect(await post('/fields', body, 'application/json')).toEqual({ status: 400, text: 'The body: expected each name once' });
    }
    expect(await post('/fields', 'a=1&a=1', 'application/x-www-form-urlencoded')).toEqual({ status: 400, text: 'a: expected once' });
  });

  it.each([
    ['{"a":1}', 'a: expected a string'],
    ['{"a":["x"]}', 'a: expected a string'],
    ['{"a":{"b":"c"}}', 'a: expected a string'],
    ['["a"]', 'The body: expected a JSON object'],
    ['null', 'The body: expected a JSON object'],
    ['{"a":', 'The body is not valid JSON.'],
  ])('are refused in %s', async (body, text) => {
    expect(await post('/fields', body, 'application/json')).toEqual({ status: 400, text });
  });

  it.each([
    '',
    'text/plain',
    'multipart/form-data',
    'application/jsonp',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8x',
  ])('are refused as %j', async (type) => {
    expect((await post('/fields', '{}', type)).status).toBe(415);
    expect((await post('/json', '{}', type)).status).toBe(415);
  });
});

describe('a compressed body (D07)', () => {
  const send = async (coding: string, body: Uint8Array<ArrayBuffer>): Promise<number> =>
    (await app.request('/json', { method: 'POST', body, headers: { 'content-type': 'application/json', 'content-encoding': coding } }))
      .status;

  it.each(['gzip', 'GZIP', 'x-gzip', 'br', 'deflate', 'zstd', 'compress', 'gzip, gzip', 'identity, gzip', 'anything'])(
    'is refused and never unpacked: %s',
    async (coding) => {
      expect(await send(coding, new Uint8Array(gzipSync('{}')))).toBe(415);
    },
  );

  it.each(['identity', '', 'gzip;q=1.0,deflate;q=0.6,identity;q=0.3'])(
    'is not one that is called %j and is plain, as one SDK does',
    async (coding) => {
      expect(await send(coding, new TextEncoder().encode('{}'))).toBe(200);
    },
  );

  it('is no JSON where that SDK’s name is on a real one', async () => {
    expect(await send('gzip;q=1.0,deflate;q=0.6,identity;q=0.3', new Uint8Array(gzipSync(Buffer.alloc(1024 * 1024))))).toBe(400);
  });
});

describe('the length of a body', () => {
  function chunks(count: number): ReadableStream<Uint8Array> {
    let sent = 0;
    return new ReadableStream({
      pull(controller) {
        if (sent === count) return controller.close();
        sent += 1;
        controller.enqueue(new Uint8Array(1024).fill(0x20));
      },
    });
  }

  it('may be 64 KiB, also where nobody announced it', async () => {
    expect(await post('/json', chunks(64), 'application/json')).toEqual({ status: 200, text: '{"read":{}}' });
    expect((await post('/json', chunks(65), 'application/json')).status).toBe(413);
  });

  it('is looked at while it comes: an endless body is not read to its end', async () => {
    expect((await post('/json', chunks(Infinity), 'application/json')).status).toBe(413);
  });
});

describe('a JSON body', () => {
  it('may have any shape, and be empty', async () => {
    expect((await post('/json', '[1,{"a":null}]', 'application/json')).text).toBe('{"read":[1,{"a":null}]}');
    expect((await post('/json', ' ', 'application/json')).text).toBe('{"read":{}}');
  });
});

it('counts an empty field as absent', () => {
  const fields = new Map([
    ['a', ''],
    ['b', ' '],
  ]);
  expect([field(fields, 'a'), field(fields, 'b'), field(fields, 'c')]).toEqual([undefined, ' ', undefined]);
});
