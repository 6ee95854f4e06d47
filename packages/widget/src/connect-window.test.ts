import { expect } from '@open-wc/testing';
import {
  BACKEND,
  application,
  atProvider,
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

let windows: Windows;
beforeEach(() => {
  sessionStorage.clear();
  windows = watchWindows();
});
afterEach(() => windows.restore());

/** What a window posts to the page. */
function post(data: unknown, origin: string, source: Window | null): void {
  window.dispatchEvent(new MessageEvent('message', { data, origin, source }));
}

const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

/** Waits until the start page is there: Chromium now and then loses a `close()` that comes while a window is on its way to its first page. */
const loaded = (clientId: string) => until(async () => (await fake.sessions(clientId)).find((session) => session.proof), 'the start page');

describe('the window', () => {
  it('opens within the click and gets the session’s secret by a form, never in an address', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await connect(element);
    expect(windows.opened).to.have.length(1);
    const session = await atProvider(clientId);
    expect(session.starts).to.equal(1);
    expect(JSON.stringify(await fake.requests(clientId))).not.to.contain(session.secret);
    const frames = [...element.shadowRoot!.querySelectorAll('iframe')];
    expect(frames.map((frame) => !!frame.contentDocument!.querySelector('form'))).to.deep.equal([false]);
    expect(element.shadowRoot!.innerHTML).not.to.contain(session.secret);
  });

  it('opens again for the same session, as often as the person likes', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await connect(element);
    const { id } = await until(async () => (await fake.sessions(clientId)).find((session) => session.proof), 'the start page');
    await click(element, 'button', 'Open the window again');
    await until(async () => (await fake.sessions(clientId))[0]!.starts === 2);
    expect((await fake.sessions(clientId)).map((session) => session.id)).to.deep.equal([id]);
  });

  it('is never taken for a no when it looks closed', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const cancelled = collect(element, 'calendar-connect-cancelled');
    await connect(element);
    const { id } = await loaded(clientId);
    windows.opened[0]!.close();
    // The word is for whoever looks at this page.
    document.hasFocus = () => true;
    expect((await until(() => shown(element, 'hint'))).textContent).to.contain('Did the window close?');
    Reflect.deleteProperty(document, 'hasFocus');
    expect(cancelled).to.be.empty;
    await fake.change(id, { state: 'connected' });
    await until(() => shown(element, 'status'));
  });

  it('is asked for in a tab where the browser blocks it, and the result arrives all the same', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const errors = collect(element, 'calendar-connect-error');
    windows.block(true);
    await connect(element);
    expect(errors.map(({ code }) => code)).to.deep.equal(['popup_blocked']);
    expect(element.matches(':state(connecting)')).to.equal(true);
    windows.block(false);
    await click(element, 'button', 'Open in a new tab');
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await until(() => shown(element, 'status'));
  });

  it('closes, and the session ends, when the person cancels', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const cancelled = collect(element, 'calendar-connect-cancelled');
    await connect(element);
    await loaded(clientId);
    await click(element, 'button', 'Cancel');
    await until(async () => (await fake.sessions(clientId))[0]!.state === 'cancelled');
    expect(windows.opened[0]!.closed).to.equal(true);
    expect(cancelled).to.have.length(1);
    expect(shown(element, 'notice')!.textContent).to.contain('Nothing was shared');
    expect(element.matches(':state(idle)')).to.equal(true);
  });

  it('is forgotten with the element: nobody asks or listens any more', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await connect(element);
    const { id } = await atProvider(clientId);
    element.remove();
    await wait();
    const before = (await fake.requests(clientId)).length;
    window.dispatchEvent(new Event('focus'));
    post({ type: 'calendar-connect:nudge', session: id }, new URL(BACKEND).origin, windows.opened[0]!);
    await fake.change(id, { state: 'connected' });
    await wait();
    expect((await fake.requests(clientId)).length).to.equal(before);
    expect(sessionStorage).to.have.length(0);
  });

  it('is not offered a way out of the page where the flow is popup', async () => {
    const element = await place(await application(), { flow: 'popup' });
    windows.block(true);
    await connect(element);
    await until(() => find(element, 'button', 'Open in a new tab'));
    expect(find(element, 'button', 'Continue in this tab')).to.equal(undefined);
  });

  it('can be left for a way through this tab, which the backend is asked for with a place to come back to', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await connect(element);
    const { id } = await loaded(clientId);
    await fake.fault(clientId, { mint_refusal: { status: 409, error: 'session_ended' } });
    await click(element, 'button', 'Continue in this tab');
    await until(() => find(element, 'button', 'Close'));
    expect(windows.opened[0]!.closed).to.equal(true);
    expect((await fake.sessions(clientId)).map((session) => [session.id, session.state])).to.deep.equal([[id, 'cancelled']]);
    expect(sessionStorage).to.have.length(0);
  });

  it('takes back what was asked for where the person stops on the way out', async () => {
    const clientId = await application();
    const element = await place(clientId, { 'return-path': '/elsewhere?a=b#c' });
    await connect(element);
    await loaded(clientId);
    await fake.fault(clientId, { mint_delay_ms: 300 });
    await click(element, 'button', 'Continue in this tab');
    await click(element, 'button', 'Cancel');
    const sessions = await until(async () => {
      const all = await fake.sessions(clientId);
      return all.length === 2 && all.every(({ state }) => state === 'cancelled') && all;
    }, 'that both sessions are cancelled');
    expect(sessions[1]!.asked).to.include({ return_path: '/elsewhere?a=b#c' });
    expect(sessions[1]!.asked!['state']).to.match(/^calendar-connect-[\w-]{43}$/);
    expect(sessionStorage).to.have.length(0);
  });

  it('stays with an element that is moved', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await connect(element);
    const { id } = await atProvider(clientId);
    document.body.append(element);
    await wait();
    expect(element.shadowRoot!.querySelector('dialog')!.matches(':modal')).to.equal(true);
    await fake.change(id, { state: 'connected' });
    await until(() => shown(element, 'status'));
    element.remove();
  });
});

describe('messages', () => {
  it('answers the start page’s question with its nonce, to the backend alone', async () => {
    const clientId = await application();
    await connect(await place(clientId));
    const { id } = await atProvider(clientId);
    const { proof } = await until(async () => (await fake.sessions(clientId)).find((session) => session.proof));
    expect(proof).to.deep.equal({ type: 'calendar-connect:proof', session: id, nonce: 'nonce-1', origin: location.origin });
  });

  it('ignores questions from another origin, another window, for another session, or of another shape', async () => {
    const clientId = await application();
    await connect(await place(clientId));
    const { id } = await until(async () => (await fake.sessions(clientId)).find((session) => session.proof));
    const popup = windows.opened[0]!;
    const frame = document.body.appendChild(document.createElement('iframe'));
    const stranger = frame.contentWindow!;
    const answers: unknown[] = [];
    stranger.postMessage = (message: unknown) => answers.push(message);
    const { origin } = new URL(BACKEND);
    const prove = { type: 'calendar-connect:prove', session: id, nonce: 'n' };
    for (const other of ['https://evil.example', 'null', location.origin, `${origin}0`]) post(prove, other, popup);
    for (const source of [stranger, window, null]) post(prove, origin, source);
    const polluting: unknown = JSON.parse(`{"__proto__": ${JSON.stringify(prove)}}`);
    const shapes = [
      { ...prove, session: 'ses_other' },
      { ...prove, nonce: 7 },
      { ...prove, type: 'prove' },
      prove.type,
      null,
      undefined,
      polluting,
    ];
    for (const data of shapes) post(data, origin, popup);
    await wait();
    expect(answers).to.be.empty;
    expect((await fake.sessions(clientId))[0]!.proofs).to.equal(1);
    post(prove, origin, popup);
    await until(async () => (await fake.sessions(clientId))[0]!.proofs === 2, 'that a good question is answered');
    frame.remove();
  });

  it('looks at the session when the backend nudges, whichever of its windows it is', async () => {
    const clientId = await application();
    await connect(await place(clientId));
    const { id } = await atProvider(clientId);
    const polls = async (): Promise<number> =>
      (await fake.requests(clientId)).filter(({ method, path }) => method === 'GET' && path.includes(id)).length;
    await wait();
    const before = await polls();
    post({ type: 'calendar-connect:nudge', session: id }, 'https://evil.example', null);
    await wait();
    expect(await polls()).to.equal(before);
    post({ type: 'calendar-connect:nudge', session: id }, new URL(BACKEND).origin, null);
    await until(async () => (await polls()) > before);
  });
});

describe('the end of a session', () => {
  const reasons = [
    'scopes_missing',
    'admin_policy_enforced',
    'provider_unavailable',
    'provider_refused',
    'provider_misconfigured',
    'identity_unverified',
    'no_refresh_token',
  ];
  for (const reason of reasons) {
    it(`has a sentence, a code and one click to try again after ${reason}`, async () => {
      const clientId = await application();
      const element = await place(clientId);
      const errors = collect(element, 'calendar-connect-error');
      await connect(element, 'Free/busy only');
      const first = await atProvider(clientId);
      await fake.change(first.id, { state: 'failed', reason });
      await until(() => errors.length > 0);
      expect(errors[0]!.code).to.equal(reason);
      expect(shown(element, 'support')!.textContent).to.contain(reason).and.to.contain(first.id);
      const second = await until(async () => (await fake.sessions(clientId)).find(({ state }) => state === 'created'));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await click(element, 'button', 'Try again');
      expect(windows.opened).to.have.length(2);
      await until(async () =>
        (await fake.sessions(clientId)).some(
          ({ id, state, access_mode }) => id === second.id && state === 'at_provider' && access_mode === 'free_busy',
        ),
      );
    });
  }

  it('lets the person choose again after a failure', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'failed', reason: 'admin_policy_enforced' });
    await click(element, 'button', 'Choose again');
    expect(find(element, 'radio', 'Full access')).to.have.property('checked', true);
    expect(element.matches(':state(choosing)')).to.equal(true);
  });

  it('is calm when the person said no', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const cancelled = collect(element, 'calendar-connect-cancelled');
    const errors = collect(element, 'calendar-connect-error');
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'declined' });
    await until(() => cancelled.length > 0);
    await until(() => shown(element, 'notice'));
    expect(errors).to.be.empty;
  });

  it('says that the session has expired', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const errors = collect(element, 'calendar-connect-error');
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'expired' });
    await until(() => errors.length > 0);
    expect(errors[0]!.code).to.equal('expired');
  });

  it('tells a backend that does not answer, and starts once it does', async () => {
    const clientId = await application({ unregistered: true });
    const element = await place(clientId);
    const errors = collect(element, 'calendar-connect-error');
    await click(element, 'button', 'Connect your calendar');
    await until(() => errors.length > 0);
    expect(errors.map(({ code }) => code)).to.deep.equal(['backend_unreachable']);
    await fake.fault(clientId, { unregistered: false });
    await click(element, 'button', 'Try again');
    await until(() => element.shadowRoot!.querySelector('[part=primary]:not([aria-disabled])') && find(element, 'radio', 'Google'));
  });
});

describe('several elements', () => {
  for (const mode of ['open', 'closed'] as const) {
    it(`work side by side, also in a shadow root that is ${mode}`, () => sideBySide(mode));
  }

  async function sideBySide(mode: ShadowRootMode): Promise<void> {
    const [first, second] = [await application(), await application()];
    const one = await place(first);
    const host = document.body.appendChild(document.createElement('div'));
    const two = await place(second);
    host.attachShadow({ mode }).append(two);
    const reached = collect(host, 'calendar-connected');
    await connect(one);
    await fake.change((await atProvider(first)).id, { state: 'connected' });
    await until(() => shown(one, 'status'));
    await connect(two);
    await fake.change((await atProvider(second)).id, { state: 'connected' });
    await until(() => reached.length > 0);
    expect(shown(one, 'status')).to.exist;
    host.remove();
  }

  it('opens and closes by its methods too', async () => {
    const element = await place(await application());
    element.connect();
    const dialog = await until(() => element.shadowRoot!.querySelector<HTMLDialogElement>('dialog[open]'));
    element.close();
    expect(dialog.open).to.equal(false);
    await openDialog(element);
    expect(dialog.open).to.equal(true);
  });
});
