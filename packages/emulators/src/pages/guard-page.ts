import type { Context } from 'hono';

/** Sets the headers that every answer to a browser has. `true` stands for `same-origin`; a redirect carries the opener policy too. */
export function guardPage(c: Context, { crossOriginOpenerPolicy: policy }: { readonly crossOriginOpenerPolicy: boolean | string }): void {
  if (policy !== false) c.header('Cross-Origin-Opener-Policy', policy === true ? 'same-origin' : policy);
  c.header('Cache-Control', 'no-store');
  c.header('X-Frame-Options', 'DENY');
}
