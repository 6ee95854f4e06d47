import { createHash } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './support/world.ts';

interface Manifest {
  readonly entry: string;
  readonly files: Readonly<Record<string, { readonly integrity: string }>>;
  readonly hashed: Readonly<Record<string, string>>;
}

let world: World;
let manifest: Manifest;

beforeAll(async () => {
  world = await createWorld();
  manifest = (await (await world.request('/calendar-connect.json')).json()) as Manifest;
});
afterAll(() => world.close());

function get(name: string, headers: Record<string, string> = {}): Promise<Response> {
  return world.request(`/${name}`, { headers });
}

describe('the files of the element', () => {
  it('may be loaded by a page of any origin, isolated ones too', async () => {
    for (const name of [...Object.keys(manifest.files), 'calendar-connect.json']) {
      const { status, headers } = await get(name, { origin: 'https://anybody.example' });
      expect([status, headers.get('access-control-allow-origin'), headers.get('cross-origin-resource-policy')]).toEqual([
        200,
        '*',
        'cross-origin',
      ]);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.has('access-control-allow-credentials')).toBe(false);
    }
  });

  it('are JavaScript whose hash is the one published for `integrity`, compressed or not (H13)', async () => {
    for (const [name, { integrity }] of Object.entries(manifest.files)) {
      const plain = await get(name);
      expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      const content = Buffer.from(await plain.arrayBuffer());
      expect(`sha384-${createHash('sha384').update(content).digest('base64')}`).toBe(integrity);
      const compressed = await get(name, { 'accept-encoding': 'gzip, deflate, br' });
      expect(compressed.headers.get('content-encoding')).toBe('br');
      expect(brotliDecompressSync(Buffer.from(await compressed.arrayBuffer())).equals(content)).toBe(true);
      expect(compressed.headers.get('vary')).toBe('Accept-Encoding');
    }
  });

  it('are kept for good under their hashed names, and asked about again under the stable one', async () => {
    for (const name of Object.keys(manifest.files)) {
      const expected = name === manifest.entry ? 'public, max-age=0, must-revalidate' : 'public, max-age=31536000, immutable';
      expect((await get(name)).headers.get('cache-control')).toBe(expected);
    }
    expect((await get('calendar-connect.json')).headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
  });

  it('are not sent again to who has them: 304 without a body', async () => {
    const etag = (await get(manifest.entry)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    const again = await get(manifest.entry, { 'if-none-match': etag });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await get(manifest.entry, { 'if-none-match': '"old"' })).status).toBe(200);
  });

  it('have another tag where they are compressed, because the bytes are others', async () => {
    const compressing = { 'accept-encoding': 'br' };
    const etag = (await get(manifest.entry, compressing)).headers.get('etag') ?? '';
    expect(etag).not.toBe((await get(manifest.entry)).headers.get('etag'));
    expect((await get(manifest.entry, { ...compressing, 'if-none-match': etag })).status).toBe(304);
    expect((await get(manifest.entry, { 'if-none-match': etag })).status).toBe(200);
  });

  it('have the stable name and a hashed one for the same bytes', async () => {
    const hashed = manifest.hashed[manifest.entry];
    expect(hashed).toMatch(/^calendar-connect-[0-9a-f]+\.js$/);
    expect(await (await get(hashed ?? '')).text()).toBe(await (await get(manifest.entry)).text());
  });

  it.each(['nothing.js', 'package.json', 'manifest.json', '..%2fmanifest.json', '%2e%2e/package.js', '__proto__.js', 'constructor'])(
    'are all there is: %s is not found',
    async (name) => {
      expect((await get(name)).status).toBe(404);
    },
  );
});
