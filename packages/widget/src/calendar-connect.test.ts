import { expect } from '@open-wc/testing';
import { emulateMedia, setViewport } from '@web/test-runner-commands';
import type { CalendarConnect } from './calendar-connect.ts';
import {
  BACKEND,
  atProvider,
  application,
  click,
  collect,
  connect,
  fake,
  find,
  openDialog,
  place,
  shown,
  until,
  watchWindows,
  type Windows,
} from '../test/harness.ts';

/** Brings an element into each state that a person can see. */
const STATES: Record<string, (element: CalendarConnect, clientId: string, windows: Windows) => Promise<unknown>> = {
  idle: async () => undefined,
  choosing: (element) => openDialog(element),
  'choosing, with what a mode shares': async (element) => {
    await openDialog(element);
    await click(element, 'radio', 'Google');
    await click(element, 'radio', 'Free/busy only');
    element.shadowRoot!.querySelector('details')!.open = true;
  },
  'choosing, without access to any calendar': async (element) => {
    await openDialog(element);
    await click(element, 'radio', 'Google');
    await click(element, 'radio', 'No calendar access');
  },
  'changing a connection, to a smaller mode': async (element, clientId) => {
    const change = { profile_id: 'pro_1', provider: 'microsoft', access_mode: 'full', name: 'ada.lovelace@analytical-engines.example' };
    element.session = (await fake.partnerSession(clientId, 'Ada Lovelace', { change })).session;
    await openDialog(element);
    await click(element, 'radio', 'Free/busy only');
    await until(() => shown(element, 'sharing')?.querySelector('a'));
  },
  'choosing, with a choice missing': async (element) => {
    await openDialog(element);
    await click(element, 'button', 'Continue');
    await until(() => element.shadowRoot!.querySelector('[part=error]'));
  },
  connecting: (element) => connect(element),
  'connecting, with a blocked window': async (element, _clientId, windows) => {
    windows.block(true);
    await connect(element);
    await until(() => find(element, 'button', 'Open in a new tab'));
  },
  'connecting, on the way out of the page': async (element, clientId) => {
    await connect(element);
    // The answer would take this page away.
    await fake.fault(clientId, { mint_delay_ms: 30_000 });
    await click(element, 'button', 'Continue in this tab');
    await until(() => shown(element, 'message')?.textContent?.includes('leaving'));
  },
  'waiting for an administrator': (element, clientId) => turnAway(element, clientId, { organisation: 'contoso.example' }),
  'waiting for an administrator, who said no': (element, clientId) =>
    turnAway(element, clientId, { organisation: 'contoso.example', decision: 'declined' }),
  'waiting for an administrator nobody knows of': (element, clientId) => turnAway(element, clientId, {}),
  'approved by an administrator': (element, clientId) =>
    turnAway(element, clientId, { state: 'approved', organisation: 'contoso.example' }),
  'connecting, with an approval that does not apply': async (element, clientId) => {
    await fake.fault(clientId, { approval_refusal: { status: 409, error: 'approval_not_applicable' } });
    await connect(element, 'Full access', 'Microsoft 365 or Outlook.com');
    await atProvider(clientId);
    await click(element, 'button', 'I was told I need approval');
    await until(() => shown(element, 'hint'));
  },
  connected: async (element, clientId) => {
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await until(() => shown(element, 'status'));
  },
  failed: async (element, clientId) => {
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'failed', reason: 'scopes_missing' });
    await until(() => find(element, 'button', 'Try again'));
  },
  'idle, after the person said no': async (element, clientId) => {
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'declined' });
    await until(() => shown(element, 'notice'));
  },
  'failed, with an answer that this tab knows nothing of': async (element) => {
    const address = location.href;
    history.replaceState(null, '', `?code=c&state=calendar-connect-1&iss=${BACKEND.slice(0, -1)}`);
    const again = element.cloneNode() as CalendarConnect;
    element.replaceWith(again);
    history.replaceState(null, '', address);
    await until(() => find(again, 'button', 'Try again'));
  },
  'failed, on a page that is not set up correctly': async (element) => {
    element.clientId = 'app_nobody';
    await until(() => shown(element, 'problem'));
  },
};

/** Lets the person be turned away at Microsoft. */
async function turnAway(element: CalendarConnect, clientId: string, change: object): Promise<void> {
  await connect(element, 'Full access', 'Microsoft 365 or Outlook.com');
  await fake.change((await atProvider(clientId)).id, { state: 'waiting_for_admin', ...change });
  await until(() => shown(element, 'waiting'));
}

let windows: Windows;
beforeEach(() => (windows = watchWindows()));
afterEach(() => windows.restore());

for (const [state, reach] of Object.entries(STATES)) {
  describe(state, () => {
    for (const theme of ['light', 'dark']) {
      it(`is accessible in the ${theme} theme`, async () => {
        const clientId = await application();
        const element = await reached(reach, await place(clientId, { theme }), clientId);
        await expect(element).to.be.accessible();
      });
    }

    it('has targets of 44 pixels and no sideways scrolling at 320 pixels', async () => {
      await setViewport({ width: 320, height: 640 });
      const clientId = await application();
      const element = await reached(reach, await place(clientId), clientId);
      for (const target of element.shadowRoot!.querySelectorAll('button, label, summary, a, [part=field]')) {
        const { width, height } = target.getBoundingClientRect();
        expect(Math.min(width, height), target.textContent).to.be.at.least(44);
      }
      expect(document.documentElement.scrollWidth).to.be.at.most(320);
      const dialog = element.shadowRoot!.querySelector('dialog[open]');
      if (dialog) expect(dialog.scrollWidth).to.equal(dialog.clientWidth);
      await setViewport({ width: 800, height: 600 });
    });
  });
}

/** The element in that state, after the dialog has come to rest: itself, or what took its place as a reload does. */
async function reached(reach: (typeof STATES)[string], placed: CalendarConnect, clientId: string): Promise<CalendarConnect> {
  const { parentElement } = placed;
  await reach(placed, clientId, windows);
  const element = parentElement!.querySelector('calendar-connect')!;
  await element.updateComplete;
  await new Promise((resolve) => setTimeout(resolve, 50));
  return element;
}

describe('the look', () => {
  it('follows the color-scheme of the page where no theme is set', async () => {
    const element = await place(await application());
    const surface = (): string => getComputedStyle(element).color;
    const light = surface();
    document.documentElement.style.colorScheme = 'light dark';
    await emulateMedia({ colorScheme: 'dark' });
    expect(surface()).not.to.equal(light);
    document.documentElement.style.colorScheme = '';
    expect(surface()).to.equal(light);
    await emulateMedia({ colorScheme: 'light' });
  });

  it('takes colours and corners from custom properties', async () => {
    const element = await place(await application(), { style: '--calendar-connect-accent: rgb(1, 2, 3); --calendar-connect-radius: 0' });
    const button = getComputedStyle(element.shadowRoot!.querySelector('[part=button]')!);
    expect(button.backgroundColor).to.equal('rgb(1, 2, 3)');
    expect(button.borderRadius).to.equal('0px');
  });

  it('does not turn where the person asked for less motion', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    const element = await place(await application());
    await connect(element);
    const message = await until(() => shown(element, 'message'));
    expect(getComputedStyle(message).animationName).to.equal('none');
    await emulateMedia({ reducedMotion: 'no-preference' });
  });

  it('keeps borders around its controls in forced colours', async () => {
    await emulateMedia({ forcedColors: 'active' });
    const element = await place(await application());
    const { borderTopStyle, borderTopWidth } = getComputedStyle(element.shadowRoot!.querySelector('[part=button]')!);
    expect([borderTopStyle, borderTopWidth]).to.deep.equal(['solid', '1px']);
    await emulateMedia({ forcedColors: 'none' });
  });

  it('stands on the right in a right-to-left page', async () => {
    const element = await place(await application(), { dir: 'rtl' });
    await openDialog(element);
    const [option] = element.shadowRoot!.querySelectorAll('label');
    const [input, label] = [...option!.children].map((child) => child.getBoundingClientRect());
    expect(input!.left).to.be.above(label!.left);
  });
});

describe('a page that is not set up correctly', () => {
  const problems: [string, Record<string, string>, string][] = [
    ['says that the client id is missing', { 'client-id': '' }, 'client_id_missing'],
    ['says that the backend is missing', { backend: '' }, 'backend_missing'],
    ['refuses a backend that is a script', { backend: 'javascript:alert(1)' }, 'backend_invalid'],
    ['refuses an exchange address that is a script', { exchange: 'javascript:alert(1)' }, 'exchange_invalid'],
    ['says that nobody knows the application', { 'client-id': 'app_nobody' }, 'unknown_application'],
  ];
  for (const [title, attributes, code] of problems) {
    it(`${title} before anybody clicks`, async () => {
      const errors = collect(document.body, 'calendar-connect-error');
      const element = await place(await application(), attributes);
      expect((await until(() => shown(element, 'problem'))).textContent).to.contain(code);
      expect(errors.map((event) => event.code)).to.deep.equal([code]);
      expect(element.matches(':state(failed)')).to.equal(true);
    });
  }

  it('says so too where the page opens the dialog itself', async () => {
    const rejections: unknown[] = [];
    const listener = (event: PromiseRejectionEvent): void => void rejections.push(event.reason);
    addEventListener('unhandledrejection', listener);
    const element = document.body.appendChild(document.createElement('calendar-connect'));
    element.connect();
    expect((await until(() => shown(element, 'problem'))).textContent).to.contain('client_id_missing');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(rejections).to.be.empty;
    removeEventListener('unhandledrejection', listener);
    element.remove();
  });

  it('comes right again as soon as the attribute does', async () => {
    const clientId = await application();
    const element = await place('');
    await until(() => shown(element, 'problem'));
    element.clientId = clientId;
    await until(() => find(element, 'button', 'Connect your calendar'));
    expect(element.matches(':state(idle)')).to.equal(true);
  });
});

describe('a page view', () => {
  it('asks for the offer and writes nothing', async () => {
    const clientId = await application();
    await place(clientId);
    const requests = await until(async () => {
      const all = await fake.requests(clientId);
      return all.length > 0 && all;
    });
    expect(requests).to.deep.equal([{ client_id: clientId, method: 'GET', path: 'connect/offer' }]);
    expect(await fake.sessions(clientId)).to.be.empty;
  });
});
