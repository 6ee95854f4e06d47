import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { parsePublicUrl } from '../public-url.ts';
import { createWorld } from '../../test/support/world.ts';
import { strictTransportSecurity } from './strict-transport-security.ts';

async function answersOf(publicUrl: string): Promise<(string | null)[]> {
  const app = new Hono();
  app.onError((_, c) => c.text('failed', 500));
  const transportSecurity = strictTransportSecurity({ publicUrl: parsePublicUrl(publicUrl) });
  if (transportSecurity !== undefined) app.use(transportSecurity);
  app.get('/text', (c) => c.text('text'));
  app.get('/response', () => new Response('made by hand'));
  app.get('/away', (c) => c.redirect('https://elsewhere.example/'));
  app.get('/failed', () => {
    throw new Error('failed');
  });
  const answers = await Promise.all(['/text', '/response', '/away', '/failed', '/nowhere'].map(async (path) => app.request(path)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 302, 500, 404]);
  return answers.map(({ headers }) => headers.get('strict-transport-security'));
}

describe('strict transport security', () => {
  it('is on what the backend answers, under its path and at the root', async () => {
    const world = await createWorld({ publicUrl: 'https://partner.example/calendar' });
    const asked = ['/healthz', '/oauth/token', '/connect/offer', '/nowhere'].map((path) => world.request(path));
    const browser = world.browser();
    const { headers } = await browser.visit('https://partner.example/.well-known/oauth-authorization-server/calendar');
    for (const answer of [...(await Promise.all(asked)), { headers }]) {
      expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
    }
    expect((await browser.visit('https://partner.example/')).headers.get('strict-transport-security')).toBeNull();
    await world.close();
  });

  it('is on every answer of an https address, for a year, and speaks for no host but ours', async () => {
    expect(new Set(await answersOf('https://connect.example'))).toEqual(new Set(['max-age=31536000']));
    expect(new Set(await answersOf('https://partner.example/calendar'))).toEqual(new Set(['max-age=31536000']));
  });

  it.each(['http://localhost:8787', 'https://localhost:8443', 'https://connect.localhost', 'https://127.0.0.1:8443'])(
    'is not sent from %s, or it would cut off all else on this computer',
    async (publicUrl) => {
      expect(new Set(await answersOf(publicUrl))).toEqual(new Set([null]));
    },
  );
});
