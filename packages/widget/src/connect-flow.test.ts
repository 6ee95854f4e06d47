import { expect } from '@open-wc/testing';
import {
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
beforeEach(() => (windows = watchWindows()));
afterEach(() => {
  windows.restore();
  sessionStorage.clear();
});

describe('connecting', () => {
  it('says that a calendar is connected only after the server that got the code did', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const connected = collect(document.body, 'calendar-connected');
    const states = collect(document.body, 'calendar-connect-state');
    await connect(element);
    const session = await atProvider(clientId);
    expect(session).to.include({ provider: 'google', access_mode: 'full', started_from: location.origin });
    expect(connected).to.be.empty;
    await fake.change(session.id, { state: 'connected' });
    await until(() => connected.length > 0);
    const { accountId, profileId, provider, accessMode, name, receipt } = connected[0]!;
    expect({ accountId, profileId, provider, accessMode, name, receipt }).to.deep.equal({
      accountId: 'acc_1',
      profileId: 'pro_1',
      provider: 'google',
      accessMode: 'full',
      name: 'ada@example.com',
      receipt: 'rcp_1',
    });
    expect(states.map(({ state, previous }) => [previous, state])).to.deep.equal([
      ['idle', 'choosing'],
      ['choosing', 'connecting'],
      ['connecting', 'connected'],
    ]);
    expect(shown(element, 'status')!.innerText).to.match(/ada@example.com\s+Google · Full access/);
    expect(element.matches(':state(connected)')).to.equal(true);
  });

  it('keeps the secret and the verifier in sessionStorage until the end of the session, and nowhere else', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await connect(element);
    const { id, secret } = await atProvider(clientId);
    expect(Object.keys(sessionStorage)).to.deep.equal([`calendar-connect:${clientId}:${id}`]);
    expect(sessionStorage.getItem(`calendar-connect:${clientId}:${id}`)).to.contain(secret);
    expect(document.documentElement.outerHTML + element.shadowRoot!.innerHTML).not.to.contain(secret);
    await fake.change(id, { state: 'connected' });
    await until(() => shown(element, 'status'));
    expect(sessionStorage).to.have.length(0);
  });

  it('hands a fresh code over where the first one got no answer', async () => {
    const clientId = await application({ exchange_faults: 1 });
    const element = await place(clientId);
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await until(() => shown(element, 'status'));
    const exchanges = (await fake.requests(clientId)).filter(({ method, path }) => method === 'POST' && path === 'connect/exchange');
    expect(exchanges).to.have.length(2);
  });

  it('says exchange_failed where the server goes on refusing the code', async () => {
    const clientId = await application({ exchange_faults: 9 });
    const element = await place(clientId);
    const errors = collect(element, 'calendar-connect-error');
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await until(() => errors.length > 0);
    expect(errors[0]!.code).to.equal('exchange_failed');
    expect(find(element, 'button', 'Try again')).to.exist;
  });

  it('gives the code to the address that the exchange attribute names', async () => {
    const clientId = await application();
    const element = await place(clientId, { exchange: `/connect-here/connect/exchange?client_id=${clientId}&ours` });
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await until(() => shown(element, 'status'));
  });

  it('goes on when the backend comes back after a while without an answer', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await connect(element);
    const { id } = await atProvider(clientId);
    await fake.fault(clientId, { poll_fault: true });
    window.dispatchEvent(new Event('focus'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await fake.fault(clientId, { poll_fault: false });
    await fake.change(id, { state: 'connected' });
    await until(() => shown(element, 'status'));
  });

  it('sends what the attributes wish for', async () => {
    const clientId = await application();
    const element = await place(clientId, {
      scope: 'read_free_busy',
      providers: 'microsoft google',
      'access-modes': 'free_busy',
      locale: 'de',
    });
    await openDialog(element);
    const [session] = await fake.sessions(clientId);
    const { code_challenge, ...wishes } = session!.asked!;
    expect(code_challenge).to.match(/^[\w-]{43}$/);
    expect(wishes).to.deep.equal({
      code_challenge_method: 'S256',
      scope: 'read_free_busy',
      providers: ['microsoft', 'google'],
      access_modes: ['free_busy'],
      locale: 'de',
    });
  });
});

describe('choosing', () => {
  it('shows single choices already chosen', async () => {
    const element = await place(await application({ providers: ['google'], access_modes: ['free_busy'] }));
    await openDialog(element);
    expect([...element.shadowRoot!.querySelectorAll('input')].map(({ checked }) => checked)).to.deep.equal([true, true]);
    await click(element, 'radio', 'Google');
    await click(element, 'radio', 'Free/busy only');
    await click(element, 'button', 'Continue');
    await until(() => windows.opened.length > 0);
  });

  it('chooses nothing for the person where there are several, and says beside the group what is missing', async () => {
    const element = await place(await application());
    const dialog = await openDialog(element);
    expect(dialog.querySelectorAll(':checked')).to.have.length(0);
    await click(element, 'button', 'Continue');
    expect(shown(element, 'error')!.textContent).to.equal('Please choose one.');
    expect(element.shadowRoot!.activeElement).to.equal(find(element, 'radio', 'Google'));
    find(element, 'button', 'Cancel')!.focus();
    await click(element, 'button', 'Continue');
    await until(() => element.shadowRoot!.activeElement === find(element, 'radio', 'Google'));
    await click(element, 'radio', 'iCloud');
    await click(element, 'button', 'Continue');
    expect(shown(element, 'error')!.textContent).to.equal('Please choose one.');
    expect(element.shadowRoot!.activeElement).to.equal(find(element, 'radio', 'Full access'));
    expect(windows.opened).to.be.empty;
  });

  it('says in plain words what a mode shares and what it does not, and unfolds the exact scopes', async () => {
    const element = await place(await application());
    await openDialog(element);
    await click(element, 'radio', 'Google');
    await click(element, 'radio', 'Free/busy only');
    const sharing = shown(element, 'sharing')!;
    expect(sharing.textContent)
      .to.contain('Acme Scheduling can')
      .and.to.contain('see when you are busy')
      .and.to.contain('Acme Scheduling cannot');
    sharing.querySelector('summary')!.click();
    expect(sharing.querySelector('details')!.innerText).to.contain('https://www.googleapis.com/auth/calendar.freebusy');
  });

  it('names the person whom the partner’s server named', async () => {
    const clientId = await application();
    const { session } = await fake.partnerSession(clientId, 'Ada Lovelace');
    const element = await place(clientId, { session });
    await openDialog(element);
    expect(shown(element, 'person')!.textContent).to.equal('For Ada Lovelace');
  });

  it('waits visibly for the session where Continue is pressed before it is there, and then opens the window', async () => {
    const clientId = await application({ mint_delay_ms: 600 });
    const element = await place(clientId);
    await click(element, 'button', 'Connect your calendar');
    await click(element, 'radio', 'Google');
    await click(element, 'radio', 'Full access');
    expect(find(element, 'button', 'Continue')!.getAttribute('aria-disabled')).to.equal('true');
    await click(element, 'button', 'Continue');
    expect(shown(element, 'word')!.textContent).to.equal('One moment…');
    // A click by script gives no activation, as when the person’s is used up: one more click is asked for.
    await until(() => shown(element, 'word')?.textContent?.includes('once more') || windows.opened.length > 0);
    if (windows.opened.length === 0) await click(element, 'button', 'Continue');
    await atProvider(clientId);
  });

  it('ends the session when the dialog is closed before anything was started', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const cancelled = collect(element, 'calendar-connect-cancelled');
    const dialog = await openDialog(element);
    await click(element, 'button', 'Cancel');
    expect(dialog.open).to.equal(false);
    expect(cancelled).to.have.length(1);
    await until(async () => (await fake.sessions(clientId))[0]!.state === 'cancelled');
    expect(sessionStorage).to.have.length(0);
    expect(shown(element, 'notice')).to.equal(null);
  });

  it('starts afresh where the dialog was closed before', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await openDialog(element);
    await click(element, 'radio', 'iCloud');
    await click(element, 'button', 'Cancel');
    const dialog = await openDialog(element);
    expect(dialog.querySelectorAll(':checked')).to.have.length(0);
    await click(element, 'button', 'Cancel');
    await connect(element);
    const session = await atProvider(clientId);
    await click(element, 'button', 'Cancel');
    await connect(element);
    expect((await atProvider(clientId)).id).not.to.equal(session.id);
  });

  it('starts afresh after a failure that was put away', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const cancelled = collect(element, 'calendar-connect-cancelled');
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'failed', reason: 'provider_refused' });
    await click(element, 'button', 'Close');
    expect(element.matches(':state(idle)')).to.equal(true);
    expect(cancelled).to.be.empty;
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await until(() => shown(element, 'status'));
  });

  it('says nothing_offered where the attributes leave nothing', async () => {
    const element = await place(await application({ providers: [] }), { providers: 'icloud' });
    const errors = collect(element, 'calendar-connect-error');
    await click(element, 'button', 'Connect your calendar');
    await until(() => errors.length > 0);
    expect(errors[0]!.code).to.equal('nothing_offered');
    expect(find(element, 'button', 'Try again')).to.equal(undefined);
  });
});

describe('a session of the partner’s server', () => {
  it('is claimed once, and taken up again after a reload', async () => {
    const clientId = await application();
    const { id, session } = await fake.partnerSession(clientId);
    const before = await place(clientId, { session });
    await openDialog(before);
    before.remove();
    const after = await place(clientId, { session });
    await openDialog(after);
    await click(after, 'radio', 'Google');
    await click(after, 'radio', 'Full access');
    await click(after, 'button', 'Continue');
    expect((await atProvider(clientId)).id).to.equal(id);
    const claims = (await fake.requests(clientId)).filter(({ method, path }) => method === 'POST' && path.endsWith('/claim'));
    expect(claims).to.have.length(1);
  });

  it('is connected by itself where the page was reloaded while the person was at the provider', async () => {
    const clientId = await application();
    const { id, session } = await fake.partnerSession(clientId);
    const before = await place(clientId, { session });
    await connect(before);
    await atProvider(clientId);
    before.remove();
    await fake.change(id, { state: 'connected' });
    const after = await place(clientId, { session });
    await click(after, 'button', 'Connect your calendar');
    await until(() => shown(after, 'status'));
  });

  it('is never replaced by another where the attribute holds something else', async () => {
    const clientId = await application();
    const element = await place(clientId, { session: '../../sessions' });
    const errors = collect(element, 'calendar-connect-error');
    await click(element, 'button', 'Connect your calendar');
    await until(() => errors.length > 0);
    expect(errors[0]!.code).to.equal('session_not_found');
    expect(await fake.sessions(clientId)).to.be.empty;
  });

  it('survives a dialog that was closed before anything was started', async () => {
    const clientId = await application();
    const { id, session } = await fake.partnerSession(clientId);
    const element = await place(clientId, { session });
    await openDialog(element);
    await click(element, 'button', 'Cancel');
    await connect(element);
    expect((await atProvider(clientId)).id).to.equal(id);
  });

  it('says so where another page has claimed it', async () => {
    const clientId = await application();
    const { session } = await fake.partnerSession(clientId);
    const first = await place(clientId, { session });
    await openDialog(first);
    sessionStorage.clear();
    const second = await place(clientId, { session });
    const errors = collect(second, 'calendar-connect-error');
    await click(second, 'button', 'Connect your calendar');
    await until(() => errors.length > 0);
    expect(errors[0]!.code).to.equal('session_already_claimed');
  });

  it('is followed by one that keeps its person when it failed', async () => {
    const clientId = await application();
    const { id, session } = await fake.partnerSession(clientId, 'Ada');
    const element = await place(clientId, { session });
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'failed', reason: 'provider_unavailable' });
    await click(element, 'button', 'Try again');
    const next = await until(async () => (await fake.sessions(clientId)).find((other) => other.id !== id));
    expect(next).to.deep.include({ retry_of: id, end_user: { name: 'Ada' } });
  });
});
