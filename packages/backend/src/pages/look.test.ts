import { Hono } from 'hono';
import { html } from 'hono/html';
import { describe, expect, it } from 'vitest';
import { contrastOf } from './contrast.ts';
import type { Look } from './look.ts';
import { answerPage } from './page.ts';

const LOGO = 'data:image/png;base64,iVBORw0KGgo=';
const PAGE = { title: 'Connect', body: html`<h1>Connect</h1>` };

async function answer(look?: Look): Promise<{ policy: string; text: string }> {
  const app = new Hono().get('/', (c) => answerPage(c, PAGE, look));
  const response = await app.request('/');
  return { policy: response.headers.get('content-security-policy') ?? '', text: await response.text() };
}

/** The last value of a custom property in the light and in the dark scheme: the one that counts. */
function valuesOf(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`--${name}:(#[0-9a-f]{6})`, 'g'))].map(([, value = '']) => value).slice(-2);
}

describe('a page with an application’s look', () => {
  it('is as any other where the application has none of its own', async () => {
    const withoutNonce = (text: string) => text.replaceAll(/nonce="[^"]+"/g, '');
    const [plain, named] = [await answer(), await answer({ name: 'Planner' })];
    expect(withoutNonce(named.text)).toBe(withoutNonce(plain.text));
    expect(named.policy).not.toContain('img-src');
  });

  it('shows the logo by its name, and only then lets the browser load data: pictures', async () => {
    const { policy, text } = await answer({ name: 'Planner', logo: LOGO });
    expect(text).toContain(`<img class="logo" src="${LOGO}" alt="Planner" />`);
    expect(policy).toContain('; img-src data:; ');
    expect((await answer({ name: 'Planner', accentColor: '#123456', privacyUrl: 'https://a.example/' })).policy).not.toContain('img-src');
  });

  it('links to where the application says what it does with calendars, apart and without saying from where', async () => {
    const { text } = await answer({ name: 'Planner', privacyUrl: 'https://a.example/privacy?a=1&b=2' });
    expect(text).toContain(
      '<a href="https://a.example/privacy?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">Privacy at Planner</a>',
    );
  });

  it('has buttons of its colour, with text that can be read', async () => {
    for (const accentColor of ['#ffd400', '#001a66', '#ff0000', '#808080', '#ffffff', '#000000']) {
      const { text } = await answer({ name: 'Planner', accentColor });
      expect(valuesOf(text, 'button')).toEqual([accentColor, accentColor]);
      for (const onButton of valuesOf(text, 'onButton')) expect(contrastOf(onButton, accentColor)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('darkens its colour for links in the light, and lightens it in the dark', async () => {
    const [lightYellow = '', darkYellow] = valuesOf((await answer({ name: 'Planner', accentColor: '#ffd400' })).text, 'accent');
    expect(darkYellow).toBe('#ffd400');
    expect(contrastOf(lightYellow, '#ffffff')).toBeGreaterThanOrEqual(4.5);
    const [lightNavy, darkNavy = ''] = valuesOf((await answer({ name: 'Planner', accentColor: '#001a66' })).text, 'accent');
    expect(lightNavy).toBe('#001a66');
    expect(contrastOf(darkNavy, '#20232b')).toBeGreaterThanOrEqual(4.5);
  });

  it('shows a name as text', async () => {
    const { text } = await answer({ name: `"><script>alert(1)</script>`, logo: LOGO, privacyUrl: 'https://a.example/' });
    expect(text).not.toContain('<script>');
  });
});
