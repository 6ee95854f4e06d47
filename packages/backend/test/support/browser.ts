import { fieldsOf, type Filling, formOf } from './html.ts';

/** Where a browser has come to. */
export interface Screen {
  readonly url: URL;
  /** 0 for a place outside of the world, such as a partner's callback: nobody is asked there. */
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser without JavaScript, with cookies of its own. It follows redirects. */
export interface Browser {
  visit(url: string | URL, headers?: Readonly<Record<string, string>>): Promise<Screen>;
  /** Sends the form of a page, from that page. */
  submit(page: Screen, filling?: Filling): Promise<Screen>;
  /** Sends a form from a page of another site: cookies that are there already stay at home, as `SameSite=Lax` says. */
  postFrom(origin: string | undefined, url: string | URL, fields: Readonly<Record<string, string>>): Promise<Screen>;
  /** The cookies that would go to an address. */
  cookiesFor(url: string | URL): string;
  /** The same browser, stopping before addresses that begin so. */
  stoppingBefore(address: string): Browser;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly secure: boolean;
}

/** Answers for the places that are in the world; `undefined` for every other. */
export type Network = (url: URL, init: RequestInit) => Promise<Response> | undefined;

const MOST_REDIRECTS = 10;

interface Going {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams;
  readonly withCookies?: boolean;
}

export function createBrowser(network: Network, cookies = new Map<string, Cookie>()): Browser {
  async function go(target: URL, going: Going, redirects = 0): Promise<Screen> {
    if (redirects > MOST_REDIRECTS) throw new Error(`too many redirects, the last one to ${target.href}`);
    const cookie = going.withCookies === false ? '' : cookieHeader(cookies.values(), target);
    const url = new URL(target);
    url.hash = '';
    const answer = await network(url, {
      method: going.method ?? 'GET',
      headers: { accept: 'text/html', ...going.headers, ...(cookie === '' ? {} : { cookie }) },
      redirect: 'manual',
      ...(going.body === undefined ? {} : { body: going.body }),
    });
    if (answer === undefined) return { url: target, status: 0, headers: new Headers(), text: '' };
    for (const line of answer.headers.getSetCookie()) keep(cookies, line, url);
    const location = answer.headers.get('location');
    if (location !== null && answer.status >= 300 && answer.status < 400) return go(new URL(location, url), {}, redirects + 1);
    return { url: target, status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  return {
    visit: (url, headers = {}) => go(new URL(url), { headers }),
    submit: (page, filling = {}) => {
      const form = formOf(page.text, filling.press);
      const body = fieldsOf(form, filling);
      return go(new URL(form.action, page.url), { method: 'POST', body, headers: { origin: page.url.origin } });
    },
    postFrom: (origin, url, fields) => {
      const headers: Record<string, string> = origin === undefined ? {} : { origin };
      return go(new URL(url), { method: 'POST', body: new URLSearchParams(fields), headers, withCookies: false });
    },
    cookiesFor: (url) => cookieHeader(cookies.values(), new URL(url)),
    stoppingBefore: (address) => createBrowser((url, init) => (url.href.startsWith(address) ? undefined : network(url, init)), cookies),
  };
}

function cookieHeader(cookies: Iterable<Cookie>, url: URL): string {
  return [...cookies]
    .filter((cookie) => cookie.host === url.hostname && isUnder(url.pathname, cookie.path))
    .filter((cookie) => !cookie.secure || url.protocol === 'https:')
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
}

/** [RFC 6265 §5.1.4](https://www.rfc-editor.org/rfc/rfc6265#section-5.1.4) */
function isUnder(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`);
}

function keep(cookies: Map<string, Cookie>, line: string, url: URL): void {
  const [pair = '', ...attributes] = line.split('; ');
  const name = pair.slice(0, pair.indexOf('='));
  const said = new Map(attributes.map((attribute) => [attribute.split('=')[0]?.toLowerCase(), attribute.split('=')[1]]));
  const cookie = {
    name,
    value: pair.slice(name.length + 1),
    host: url.hostname,
    path: said.get('path') ?? '/',
    secure: said.has('secure'),
  };
  // A browser refuses a `__Host-` cookie that is not what its name promises.
  if (name.startsWith('__Host-') && !(cookie.secure && cookie.path === '/' && url.protocol === 'https:' && !said.has('domain'))) return;
  const key = `${cookie.host} ${cookie.path} ${name}`;
  if (said.get('max-age') === '0') cookies.delete(key);
  else cookies.set(key, cookie);
}
