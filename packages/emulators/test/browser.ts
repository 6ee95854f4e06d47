/** What a browser without JavaScript shows: the page it is on, its form, or the address it was sent to outside the emulator. */
export interface Screen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The last answer's `Location`, which is the app's callback. */
  readonly location: URL | undefined;
}

/** A browser that can follow the emulator's pages. It keeps cookies and knows forms, and nothing else. */
export interface Browser {
  readonly visit: (url: string) => Promise<Screen>;
  /** Presses the button whose name contains the text; boxes whose label contains one of `untick` are cleared first. */
  readonly press: (button: string, untick?: readonly string[]) => Promise<Screen>;
}

/** Creates a browser on an app's `request` or on the network's `fetch`. */
export function createBrowser(fetch: (url: string, init: RequestInit) => Response | Promise<Response>): Browser {
  const cookies = new Map<string, string>();
  let at = '';
  let screen: Screen | undefined;

  const go = async (url: string, init: { method?: string; body?: string; headers?: Record<string, string> }): Promise<Screen> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, ...(cookie === '' ? {} : { cookie }) } });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=');
      cookies.set(name, value);
    }
    const location = response.headers.get('Location');
    at = url;
    screen = {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: location === null ? undefined : new URL(location),
    };
    return screen;
  };

  return {
    visit: (url) => go(url, {}),
    press: (button, untick = []) => {
      const html = screen?.text ?? '';
      const action = unescape(/<form[^>]*action="([^"]*)"/.exec(html)?.[1] ?? '');
      const body = formOf(html, button, untick);
      return go(new URL(action, at).href, {
        method: 'POST',
        body: body.toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    },
  };
}

function formOf(html: string, button: string, untick: readonly string[]): URLSearchParams {
  const body = new URLSearchParams();
  for (const [, attributes = ''] of html.matchAll(/<input([^>]*)>/g)) {
    const isBox = attributes.includes('type="checkbox"');
    if (isBox && (!/\schecked/.test(attributes) || untick.some((text) => attributeOf(attributes, 'value').endsWith(text)))) continue;
    body.append(attributeOf(attributes, 'name'), attributeOf(attributes, 'value'));
  }
  const buttons = [...html.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)];
  const pressed = buttons.find(([, , contents = '']) => contents.includes(button));
  if (pressed === undefined) throw new Error(`no button ${button} on this page: ${html.slice(html.indexOf('<main'))}`);
  body.append(attributeOf(pressed[1] ?? '', 'name'), attributeOf(pressed[1] ?? '', 'value'));
  return body;
}

function attributeOf(attributes: string, name: string): string {
  return unescape(new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

function unescape(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}
