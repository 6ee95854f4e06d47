import { expect } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';
import type { CalendarConnect } from './calendar-connect.ts';
import {
  BACKEND,
  application,
  atProvider,
  click,
  collect,
  connect,
  fake,
  find,
  place,
  shown,
  until,
  watchWindows,
  type FakeSession,
  type Windows,
} from '../test/harness.ts';

let windows: Windows;
beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  windows = watchWindows();
});
afterEach(() => {
  windows.restore();
  localStorage.clear();
});

const WAITING = { state: 'waiting_for_admin', organisation: 'contoso.example' };
const link = (id: string): string => `https://connect.example/connect/approve/${id}`;
const field = (element: CalendarConnect): HTMLInputElement => shown(element, 'field') as HTMLInputElement;
const waits = (element: CalendarConnect) => until(() => element.matches(':state(waiting-for-admin)') && shown(element, 'waiting'));
const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

/** An element whose person was turned away at Microsoft. */
async function turnedAway(
  attributes: Record<string, string> = {},
  change: object = WAITING,
): Promise<[CalendarConnect, FakeSession, string]> {
  const clientId = await application();
  const element = await place(clientId, attributes);
  await connect(element, 'Full access', 'Microsoft 365 or Outlook.com');
  const session = await atProvider(clientId);
  await fake.change(session.id, change);
  await waits(element);
  return [element, session, clientId];
}

/** The same page in another run of the browser. */
async function reopened(before: CalendarConnect, clientId: string, attributes: Record<string, string> = {}): Promise<CalendarConnect> {
  before.remove();
  sessionStorage.clear();
  for (const popup of windows.opened) popup.close();
  await moment();
  return place(clientId, attributes);
}

describe('waiting for an administrator', () => {
  it('says what was asked and of whom, in place of the button, and gives the link to copy or to mail', async () => {
    const states = collect(document.body, 'calendar-connect-state');
    const [element, { id }] = await turnedAway();
    const panel = shown(element, 'waiting')!;
    expect(panel.innerText)
      .to.contain('An administrator of contoso.example has to allow Acme Scheduling first')
      .and.to.contain('Microsoft 365 or Outlook.com · Full access')
      .and.to.contain('You can close this page');
    expect(field(element).value).to.equal(link(id));
    expect(find(element, 'button', 'Connect your calendar')).to.equal(undefined);
    expect(element.shadowRoot!.querySelector('dialog')).to.equal(null);
    expect(states.map(({ state }) => state)).to.deep.equal(['choosing', 'connecting', 'waiting-for-admin']);
    expect(panel.querySelector('a')!.href).to.equal(`mailto:?subject=Please%20allow%20it&body=${encodeURIComponent(link(id))}`);
  });

  it('moves the focus to its heading, and reads out what it says', async () => {
    const [element] = await turnedAway();
    await until(() => element.shadowRoot!.activeElement?.id === 'heading');
    expect(shown(element, 'heading')!.textContent).to.equal('Waiting for approval');
    await until(() => element.shadowRoot!.getElementById('said')!.textContent.includes('contoso.example'));
  });

  it('copies the link, or shows it selected where the clipboard is closed', async () => {
    const [element, { id }] = await turnedAway();
    let written = '';
    const real = navigator.clipboard.writeText.bind(navigator.clipboard);
    navigator.clipboard.writeText = (text) => ((written = text), Promise.reject(new DOMException('closed', 'NotAllowedError')));
    await click(element, 'button', 'Copy link');
    await until(() => field(element).selectionEnd === link(id).length);
    expect(written).to.equal(link(id));
    expect(!!shown(element, 'word')).to.equal(false);
    navigator.clipboard.writeText = () => Promise.resolve();
    await click(element, 'button', 'Copy link');
    await until(() => shown(element, 'word')?.textContent === 'Copied');
    navigator.clipboard.writeText = real;
  });

  it('goes on by itself while the window waits', async () => {
    const [element, { id }] = await turnedAway();
    await fake.change(id, { state: 'approved' });
    await until(() => find(element, 'button', 'Finish connecting'));
    await until(() => element.shadowRoot!.getElementById('said')!.textContent.includes('takes one more click'));
    // The window goes on to the provider for a moment.
    await fake.change(id, { state: 'at_provider' });
    await moment();
    expect(element.matches(':state(waiting-for-admin)')).to.equal(true);
    await fake.change(id, { state: 'connected' });
    await until(() => shown(element, 'status'));
    expect([sessionStorage.length, localStorage.length]).to.deep.equal([0, 0]);
  });

  it('opens the window again with one click, for the same session', async () => {
    const [element, { id }, clientId] = await turnedAway();
    for (const popup of windows.opened) popup.close();
    await click(element, 'button', 'Open the window again');
    await until(async () => (await fake.sessions(clientId))[0]!.starts === 2);
    await fake.change(id, { state: 'approved' });
    await click(element, 'button', 'Finish connecting');
    const again = await until(async () => (await fake.sessions(clientId)).find(({ starts }) => starts === 3));
    expect(again).to.include({ id, provider: 'microsoft', access_mode: 'full' });
    expect(element.matches(':state(waiting-for-admin)')).to.equal(true);
  });

  it('offers a tab where the browser blocks the window', async () => {
    const [element, , clientId] = await turnedAway();
    windows.block(true);
    await click(element, 'button', 'Open the window again');
    await until(() => find(element, 'button', 'Open in a new tab'));
    windows.block(false);
    await click(element, 'button', 'Open in a new tab');
    await until(async () => (await fake.sessions(clientId))[0]!.starts === 2);
    expect(find(element, 'button', 'Open in a new tab')).to.equal(undefined);
  });

  it('says that an administrator said no', async () => {
    const [element, { id }] = await turnedAway();
    await fake.change(id, { decision: 'declined' });
    await until(() => shown(element, 'waiting')!.innerText.includes('did not allow it'));
    expect(field(element).value).to.equal(link(id));
  });

  it('is cancelled by its button alone, which then gives the focus back', async () => {
    const [element, { id }, clientId] = await turnedAway();
    const cancelled = collect(element, 'calendar-connect-cancelled');
    await sendKeys({ press: 'Escape' });
    element.close();
    await moment();
    expect((await fake.sessions(clientId))[0]!.state).to.equal('waiting_for_admin');
    find(element, 'button', 'Stop waiting')!.focus();
    await click(element, 'button', 'Stop waiting');
    await until(async () => (await fake.sessions(clientId)).find((session) => session.id === id)!.state === 'cancelled');
    expect(cancelled).to.have.length(1);
    expect(localStorage).to.have.length(0);
    expect(shown(element, 'notice')).to.exist;
    expect(element.shadowRoot!.activeElement).to.equal(find(element, 'button', 'Connect your calendar'));
  });

  it('says what a failure was and tries again', async () => {
    const [element, { id }, clientId] = await turnedAway();
    await fake.change(id, { state: 'failed', reason: 'scopes_missing' });
    await until(() => shown(element, 'message')?.textContent.includes('permission box'));
    expect(element.shadowRoot!.querySelector('dialog')!.matches(':modal')).to.equal(true);
    expect(localStorage).to.have.length(0);
    await until(async () => (await fake.sessions(clientId)).some(({ state }) => state === 'created'));
    await moment();
    await click(element, 'button', 'Try again');
    expect(windows.opened).to.have.length(2);
  });

  it('can be used by keyboard, and keeps its borders in forced colours', async () => {
    const [element] = await turnedAway();
    await until(() => element.shadowRoot!.activeElement?.id === 'heading');
    const passed: string[] = [];
    for (let presses = 0; presses < 5; presses += 1) {
      await sendKeys({ press: 'Tab' });
      const focused = element.shadowRoot!.activeElement;
      passed.push(focused?.getAttribute('part') === 'field' ? 'link' : (focused?.textContent.trim() ?? ''));
    }
    expect(passed).to.deep.equal(['link', 'Open the window again', 'Copy link', 'Write an e-mail', 'Stop waiting']);
    await emulateMedia({ forcedColors: 'active' });
    for (const part of ['waiting', 'field', 'primary'])
      expect(getComputedStyle(shown(element, part)!).borderTopStyle, part).to.equal('solid');
    await emulateMedia({ forcedColors: 'none' });
  });
});

describe('an organisation that is not known', () => {
  it('is asked for in the window, which its one button opens again', async () => {
    const [element, { id }, clientId] = await turnedAway({}, { state: 'waiting_for_admin' });
    expect(shown(element, 'message')!.textContent).to.contain('An administrator of your organisation');
    expect(shown(element, 'hint')!.textContent).to.contain('it asks which organisation it is');
    expect([shown(element, 'field'), element.shadowRoot!.querySelector('a')]).to.deep.equal([null, null]);
    expect(shown(element, 'primary')!.textContent.trim()).to.equal('Open the window again');
    for (const popup of windows.opened) popup.close();
    await click(element, 'button', 'Open the window again');
    await until(async () => (await fake.sessions(clientId))[0]!.starts === 2);
    await fake.change(id, { organisation: 'contoso.example' });
    await until(() => field(element)?.value === link(id));
    expect(shown(element, 'primary')!.textContent).to.equal('Write an e-mail');
  });
});

describe('“I was told I need approval”', () => {
  const TOLD = 'I was told I need approval';

  it('is offered while connecting to a provider whose administrators may have to allow it', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await connect(element, 'Full access', 'Microsoft 365 or Outlook.com');
    await atProvider(clientId);
    await click(element, 'button', TOLD);
    await waits(element);
    expect(shown(element, 'hint')!.textContent).to.contain('it asks which organisation it is');
  });

  it('is not offered for others', async () => {
    const element = await place(await application());
    await connect(element);
    await until(() => find(element, 'button', 'Open the window again'));
    expect(find(element, 'button', TOLD)).to.equal(undefined);
  });

  for (const [error, status, sentence] of [
    ['approval_not_applicable', 409, 'did not work'],
    ['session_ended', 409, 'was used before'],
    ['of_tomorrow', 409, 'did not work'],
    ['server_error', 500, 'could not be reached'],
  ] as const) {
    it(`says so where the backend answers ${error}`, async () => {
      const clientId = await application({ approval_refusal: { status, error } });
      const element = await place(clientId);
      await connect(element, 'Full access', 'Microsoft 365 or Outlook.com');
      await atProvider(clientId);
      await click(element, 'button', TOLD);
      await until(() => shown(element, 'hint')?.textContent.includes(sentence));
      expect(element.matches(':state(connecting)')).to.equal(true);
    });
  }
});

describe('a page that is opened again', () => {
  it('shows the waiting at once and disturbs nobody, after the browser was closed too', async () => {
    const [before, { id, secret }, clientId] = await turnedAway();
    expect(sessionStorage).to.have.length(0);
    expect(Object.keys(localStorage)).to.deep.equal([`calendar-connect:${clientId}:${id}`]);
    expect(localStorage.getItem(`calendar-connect:${clientId}:${id}`)).to.contain(secret);
    const input = document.body.appendChild(document.createElement('input'));
    const states = collect(document.body, 'calendar-connect-state');
    const element = await reopened(before, clientId);
    input.focus();
    await waits(element);
    expect(states.map(({ previous, state }) => [previous, state])).to.deep.equal([['idle', 'waiting-for-admin']]);
    expect(field(element).value).to.equal(link(id));
    expect(document.activeElement).to.equal(input);
    input.remove();
    await fake.change(id, { state: 'approved' });
    await click(element, 'button', 'Finish connecting');
    await until(async () => (await fake.sessions(clientId))[0]!.starts === 2);
    await fake.change(id, { state: 'connected' });
    await until(() => shown(element, 'status'));
    expect(localStorage).to.have.length(0);
  });

  it('connects by itself where the window went on meanwhile', async () => {
    const [before, { id }, clientId] = await turnedAway();
    before.remove();
    await fake.change(id, { state: 'connected' });
    const connected = collect(document.body, 'calendar-connected');
    await reopened(before, clientId);
    await until(() => connected.length > 0);
    expect(connected[0]!.name).to.equal('ada@example.com');
  });

  for (const state of ['expired', 'declined', 'cancelled', 'failed'] as const) {
    it(`has its button back without a word where the session is ${state} by now`, async () => {
      const [before, { id }, clientId] = await turnedAway();
      before.remove();
      await fake.change(id, { state });
      const errors = collect(document.body, 'calendar-connect-error');
      const element = await reopened(before, clientId);
      await until(() => find(element, 'button', 'Connect your calendar') && localStorage.length === 0);
      expect(errors).to.be.empty;
      expect(element.shadowRoot!.querySelector('dialog[open]')).to.equal(null);
    });
  }

  it('knows nothing of another application’s or another backend’s waiting', async () => {
    const [before, , clientId] = await turnedAway();
    const other = await application();
    const element = await reopened(before, other);
    await moment();
    expect(element.matches(':state(idle)')).to.equal(true);
    const elsewhere = await reopened(element, clientId, { backend: BACKEND.replace('connect-here', 'elsewhere') });
    await moment();
    expect(shown(elsewhere, 'waiting')).to.equal(null);
    expect(localStorage).to.have.length(1);
  });
});

describe('two tabs', () => {
  it('both show it; one gets the code, and the other ends without a failure', async () => {
    const [element, { id }, clientId] = await turnedAway();
    const frame = document.createElement('iframe');
    frame.src = `/fake/page?backend=${encodeURIComponent(BACKEND)}&client_id=${clientId}`;
    document.body.append(frame);
    const other = await until(() => {
      const found = frame.contentDocument?.querySelector('calendar-connect');
      return found?.shadowRoot ? found : undefined;
    });
    await until(() => shown(other, 'waiting'));
    const ends = ['calendar-connected', 'calendar-connect-error', 'calendar-connect-cancelled'] as const;
    const told = [element, other].map((one) => ends.map((name) => collect(one, name)));
    await fake.change(id, { state: 'connected' });
    await until(() => [element, other].every((one) => !shown(one, 'waiting')));
    const counts = told.map((events) => events.map(({ length }) => length));
    expect(counts).to.have.deep.members([
      [0, 0, 0],
      [1, 0, 0],
    ]);
    const loser = counts[0]![0] ? other : element;
    expect(shown(loser, 'notice')!.textContent).to.equal('This was finished in another tab.');
    expect(localStorage).to.have.length(0);
    frame.remove();
  });
});

describe('a person whom the partner’s server named', () => {
  const claims = async (clientId: string): Promise<number> =>
    (await fake.requests(clientId)).filter(({ method, path }) => method === 'POST' && path.endsWith('/claim')).length;

  it('finds the waiting that was begun in another browser', async () => {
    const clientId = await application();
    const { id, session } = await fake.partnerSession(clientId, 'Ada', {
      waits: { organisation: 'contoso.example', provider: 'microsoft', access_mode: 'free_busy' },
    });
    const element = await place(clientId, { session });
    await click(element, 'button', 'Connect your calendar');
    await waits(element);
    expect(shown(element, 'message')!.textContent).to.contain('Microsoft 365 or Outlook.com · Free/busy only');
    await click(element, 'button', 'Open the window again');
    const begun = await until(async () => (await fake.sessions(clientId)).find(({ starts }) => starts === 1));
    expect(begun).to.include({ id, provider: 'microsoft', access_mode: 'free_busy' });
  });

  it('sees it at once on a page with the same session, or with a new one of theirs, and nobody else does', async () => {
    const clientId = await application();
    const waiting = { waits: { organisation: 'contoso.example', provider: 'microsoft', access_mode: 'full' } };
    const { session } = await fake.partnerSession(clientId, 'Ada', waiting);
    const before = await place(clientId, { session });
    await click(before, 'button', 'Connect your calendar');
    await waits(before);
    const same = await reopened(before, clientId, { session });
    await waits(same);
    expect(await claims(clientId)).to.equal(1);
    const next = await fake.partnerSession(clientId, 'Ada', waiting);
    const fresh = await reopened(same, clientId, { session: next.session });
    await waits(fresh);
    expect(Object.keys(localStorage)).to.deep.equal([`calendar-connect:${clientId}:${next.id}`]);
    const nobody = await reopened(fresh, clientId);
    await moment();
    expect(nobody.matches(':state(idle)')).to.equal(true);
    const somebody = await fake.partnerSession(clientId, 'Grace');
    const other = await reopened(nobody, clientId, { session: somebody.session });
    await until(async () => (await claims(clientId)) === 3);
    await moment();
    expect(other.matches(':state(idle)')).to.equal(true);
    expect(localStorage).to.have.length(0);
    // What was looked at is there for the click.
    await connect(other);
    expect((await atProvider(clientId)).id).to.equal(somebody.id);
    expect(await claims(clientId)).to.equal(3);
  });
});

describe('in this tab', () => {
  /** A session of the redirect flow whose person has left the page, as `leave()` keeps it. */
  async function left(clientId: string, place: Storage): Promise<string> {
    const request = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256', return_path: '/', state: 'calendar-connect-1' };
    const response = await fetch(`${BACKEND}connect/sessions?client_id=${clientId}`, { method: 'POST', body: JSON.stringify(request) });
    const minted = (await response.json()) as { id: string };
    const pending = { place: `${clientId} ${BACKEND} 0`, provider: 'microsoft', access_mode: 'full', partner_minted: false };
    const kept = { minted, verifier: 'v', expiresAtMs: Date.now() + 60_000, state: request.state, pending };
    place.setItem(`calendar-connect:${clientId}:${minted.id}`, JSON.stringify({ ...kept, lasting: place === localStorage }));
    await fake.change(minted.id, { state: 'at_provider', provider: 'microsoft', access_mode: 'full' });
    return minted.id;
  }

  it('who came back without an answer because they have to wait, waits', async () => {
    const clientId = await application();
    const id = await left(clientId, sessionStorage);
    await fake.change(id, WAITING);
    const element = await place(clientId);
    await waits(element);
    expect(find(element, 'button', 'Continue in this tab')).to.exist;
    const key = `calendar-connect:${clientId}:${id}`;
    expect([sessionStorage.getItem(key), Object.keys(localStorage)]).to.deep.equal([null, [key]]);
  });

  it('finds the waiting in another run of the browser, and leaves alone who is still on the way', async () => {
    const clientId = await application();
    const id = await left(clientId, localStorage);
    const before = await place(clientId);
    await moment();
    expect(before.matches(':state(idle)')).to.equal(true);
    expect([localStorage.length, (await fake.sessions(clientId))[0]!.state]).to.deep.equal([1, 'at_provider']);
    await fake.change(id, WAITING);
    const element = await reopened(before, clientId);
    await waits(element);
  });

  it('says that another tab gets the code, and leaves what that one needs', async () => {
    const clientId = await application();
    const id = await left(clientId, localStorage);
    await fake.change(id, WAITING);
    const element = await place(clientId);
    await waits(element);
    await fake.change(id, { state: 'connected' });
    await until(() => shown(element, 'notice')?.textContent.includes('another tab'));
    expect(localStorage).to.have.length(1);
  });
});
