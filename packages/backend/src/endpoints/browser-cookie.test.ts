import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { parsePublicUrl } from '../public-url.ts';
import { hashSecret } from '../vault/secrets.ts';
import { isSameBrowser, tieToBrowser } from './browser-cookie.ts';

const publicUrl = parsePublicUrl('https://connect.partner.example');
const ID = 'ses_6ae851100000000000000001';

const app = new Hono();
app.get('/tie', (c) => c.text(tieToBrowser(c, publicUrl, ID)));
app.get('/same/:hash', (c) => c.text(String(isSameBrowser(c, publicUrl, { id: ID, browserHash: c.req.param('hash') }))));
app.get('/same', (c) => c.text(String(isSameBrowser(c, publicUrl, { id: ID, browserHash: undefined }))));

async function tie(): Promise<{ cookie: string; hash: string }> {
  const response = await app.request('/tie');
  const [cookie = ''] = (response.headers.getSetCookie()[0] ?? '').split(';');
  return { cookie, hash: await response.text() };
}

async function isSame(hash: string, cookie: string): Promise<boolean> {
  return (await (await app.request(`/same/${hash}`, { headers: { cookie } })).text()) === 'true';
}

describe('a browser that is tied to a session', () => {
  it('has a random value, of which the hash is kept', async () => {
    const { cookie, hash } = await tie();
    expect(cookie).toMatch(/^__Host-cc_ses_6ae851100000000000000001=[\w-]{43}$/);
    expect(hash).toBe(hashSecret(cookie.slice(cookie.indexOf('=') + 1)));
    expect((await tie()).hash).not.toBe(hash);
  });

  it('is known again, and no other is', async () => {
    const [mine, theirs] = [await tie(), await tie()];
    expect(await isSame(mine.hash, `a=b; ${mine.cookie}`)).toBe(true);
    expect(await isSame(mine.hash, theirs.cookie)).toBe(false);
    expect(await isSame(mine.hash, '')).toBe(false);
    expect(await isSame(mine.hash, mine.cookie.replace('000001=', '000002='))).toBe(false);
    expect(await isSame(mine.hash, `${mine.cookie.split('=')[0]}=${mine.hash}`)).toBe(false);
  });

  it('is nobody before a page was shown', async () => {
    const { cookie } = await tie();
    expect(await (await app.request('/same', { headers: { cookie } })).text()).toBe('false');
  });
});
