import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { CalendarConnect } from './calendar-connect.ts';
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
afterEach(() => windows.restore());

const marked = (element: CalendarConnect): string[] =>
  [...element.shadowRoot!.querySelectorAll('input')].filter(({ checked }) => checked).map(({ value }) => value);
const sharing = (element: CalendarConnect): string => shown(element, 'sharing')!.innerText.replace(/\s+/g, ' ');
const ENDS = 'Afterwards Acme Scheduling can no longer';

/** An element with a session of the partner's server that changes one connection. */
async function changing(
  provider: string,
  access_mode: string,
  settings: object = {},
): Promise<CalendarConnect & { readonly sessionId: string }> {
  const clientId = await application({ ...settings });
  const change = { profile_id: 'pro_1', provider, access_mode, name: 'ada@example.com' };
  const { id, session } = await fake.partnerSession(clientId, 'Ada', { change });
  const element = await place(clientId, { session });
  await openDialog(element);
  return Object.assign(element, { sessionId: id });
}

/** Connects a calendar, and answers with the element that shows it. */
async function connected(mode: string, provider?: string): Promise<{ element: CalendarConnect; clientId: string }> {
  const clientId = await application();
  const element = await place(clientId);
  await connect(element, mode, provider);
  await fake.change((await atProvider(clientId)).id, { state: 'connected' });
  await until(() => shown(element, 'status'));
  return { element, clientId };
}

async function reopen(element: CalendarConnect): Promise<void> {
  await click(element, 'button', 'Change what is shared');
  await until(() => element.shadowRoot!.querySelector('[part=primary]:not([aria-disabled])'), 'the session');
}

describe('a session that changes a connection', () => {
  it('says which one, offers its provider alone, and marks the mode that it has', async () => {
    const element = await changing('google', 'full', { default_access_mode: 'no_access' });
    expect(element.shadowRoot!.querySelector('#heading')!.textContent).to.contain('Change what is shared');
    expect([...element.shadowRoot!.querySelectorAll('[part=person]')].map(({ textContent }) => textContent)).to.deep.equal([
      'For Ada',
      'Connected now: ada@example.com, Google · Full access',
    ]);
    expect(find(element, 'radio', 'Microsoft 365 or Outlook.com')).to.equal(undefined);
    expect(marked(element)).to.deep.equal(['google', 'full']);
    const described = find(element, 'radio', 'Full access')!.getAttribute('aria-describedby')!;
    expect(element.shadowRoot!.getElementById(described)!.textContent).to.equal('Shared now. See your events, and add and change them.');
    expect(sharing(element)).not.to.contain('no longer').and.not.to.contain('once more');
  });

  it('says of a smaller mode what ends, and that the provider asks once more', async () => {
    const element = await changing('google', 'full');
    await click(element, 'radio', 'Free/busy only');
    expect(sharing(element))
      .to.contain(`${ENDS} see titles, places and guests of your events add, change or delete events in your calendar`)
      .and.to.contain('What is shared now ends when you continue. Google will ask you once more.')
      .and.not.to.contain('until you remove it there');
    await click(element, 'radio', 'No calendar access');
    expect(sharing(element))
      .to.contain(ENDS)
      .and.to.contain('No provider is asked for anything.')
      .and.not.match(/once more|when you continue/);
  });

  it('names only what really ends', async () => {
    const element = await changing('google', 'free_busy');
    await click(element, 'radio', 'No calendar access');
    const ended = [...element.shadowRoot!.querySelectorAll('h3')].find(({ textContent }) => textContent === ENDS)!.nextElementSibling!;
    expect([...ended.children].map(({ textContent }) => textContent)).to.deep.equal(['see when you are busy']);
  });

  it('says so of no access too, whichever way that is chosen, and where the provider keeps what was allowed', async () => {
    const element = await changing('microsoft', 'full', { providers: ['google', 'microsoft', 'none'] });
    await click(element, 'radio', 'No calendar access');
    const chosenThere = sharing(element);
    await click(element, 'radio', 'Another calendar');
    expect(sharing(element)).to.equal(chosenThere);
    expect(sharing(element))
      .to.contain(ENDS)
      .and.to.contain('Microsoft 365 or Outlook.com keeps your permission for it until you remove it there:')
      .and.to.contain('No provider is asked for anything.');
  });

  it('says where the provider keeps what was allowed, and opens those addresses apart from the page', async () => {
    const element = await changing('microsoft', 'full');
    await click(element, 'radio', 'Free/busy only');
    expect(sharing(element))
      .to.contain('What ends is no longer used, but Microsoft 365 or Outlook.com keeps your permission for it until you remove it there:')
      .and.not.to.contain('once more');
    const links = [...shown(element, 'sharing')!.querySelectorAll('a')];
    expect(links.map(({ href, textContent }) => [href, textContent])).to.deep.equal([
      ['https://myapps.microsoft.com/', 'myapps.microsoft.com'],
      ['https://account.live.com/consent/Manage', 'account.live.com/consent/Manage'],
    ]);
    for (const { target, rel } of links) expect([target, rel]).to.deep.equal(['_blank', 'noopener noreferrer']);
  });

  it('says of a greater mode that the provider asks once more, and that nothing ends', async () => {
    for (const provider of ['google', 'microsoft']) {
      const element = await changing(provider, 'free_busy');
      await click(element, 'radio', 'Full access');
      expect(sharing(element)).to.contain('will ask you once more.').and.not.to.contain('no longer').and.not.to.contain('remove it there');
      await click(element, 'button', 'Cancel');
    }
  });

  it('says nothing of once more where no provider was ever asked', async () => {
    const element = await changing('google', 'no_access');
    await click(element, 'radio', 'Full access');
    expect(sharing(element)).not.to.contain('once more').and.not.to.contain('no longer');
  });

  it('goes on in the mode that was chosen', async () => {
    const element = await changing('google', 'full');
    await click(element, 'radio', 'Free/busy only');
    await click(element, 'button', 'Continue');
    const session = await atProvider(element.clientId!);
    expect(session).to.include({ id: element.sessionId, provider: 'google', access_mode: 'free_busy' });
  });

  it('links to nothing that is no https address', async () => {
    const element = await place(
      await application({
        offer: {
          application: { client_id: 'app', name: 'Acme' },
          scope: '',
          providers: [
            {
              id: 'microsoft',
              name: 'Microsoft',
              keeps_permissions_at: ['javascript:alert(1)'],
              access_modes: [
                { access_mode: 'full', provider_name: 'office365', scopes: ['Calendars.ReadWrite'] },
                { access_mode: 'free_busy', provider_name: 'ms_graph_free_busy', scopes: ['Calendars.ReadBasic'] },
              ],
            },
          ],
        },
      }),
    );
    await connect(element, 'Full access', 'Microsoft 365 or Outlook.com');
    await fake.change((await atProvider(element.clientId!)).id, { state: 'connected' });
    await until(() => shown(element, 'status'));
    await reopen(element);
    await click(element, 'radio', 'Free/busy only');
    expect(sharing(element)).to.contain('until you remove it there');
    expect(element.shadowRoot!.querySelectorAll('a')).to.have.length(0);
  });
});

describe('what is connected', () => {
  it('can be changed in place: the same profile is connected again, in the other mode', async () => {
    const { element, clientId } = await connected('Full access');
    const events = collect(element, 'calendar-connected');
    const states = collect(element, 'calendar-connect-state');
    await reopen(element);
    expect(marked(element)).to.deep.equal(['google', 'full']);
    expect(shown(element, 'person')!.textContent).to.equal('Connected now: ada@example.com, Google · Full access');
    await click(element, 'radio', 'Free/busy only');
    expect(sharing(element)).to.contain(ENDS);
    await click(element, 'button', 'Continue');
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await until(() => events.length > 0);
    expect(events.map(({ profileId, accessMode }) => [profileId, accessMode])).to.deep.equal([['pro_1', 'free_busy']]);
    await element.updateComplete;
    expect(shown(element, 'status')!.innerText).to.contain('Google · Free/busy only');
    expect(states.map(({ state }) => state)).to.deep.equal(['choosing', 'connecting', 'connected']);
  });

  it('is not claimed any longer after somebody gave up half-way: the provider may have ended it by then', async () => {
    const { element, clientId } = await connected('Full access');
    await reopen(element);
    await click(element, 'radio', 'Free/busy only');
    await click(element, 'button', 'Continue');
    await fake.change((await atProvider(clientId)).id, { state: 'declined' });
    await until(() => find(element, 'button', 'Connect your calendar'));
    expect(element.matches(':state(connected)')).to.equal(false);
    expect(find(element, 'button', 'Change what is shared')).to.equal(undefined);
  });

  it('opens for a change by connect() too', async () => {
    const { element } = await connected('Free/busy only');
    element.connect();
    await until(() => element.shadowRoot!.querySelector('dialog[open]'));
    await until(() => marked(element).length === 2);
    expect(marked(element)).to.deep.equal(['google', 'free_busy']);
  });

  it('stays as it is where the dialog is closed, and the focus comes back to where it was opened', async () => {
    const { element } = await connected('Full access');
    const change = find(element, 'button', 'Change what is shared')!;
    change.focus();
    await sendKeys({ press: 'Enter' });
    await until(() => element.shadowRoot!.querySelector('dialog[open]'));
    await sendKeys({ press: 'Escape' });
    await until(() => !element.shadowRoot!.querySelector('dialog[open]'));
    await element.updateComplete;
    expect(element.shadowRoot!.activeElement).to.equal(change);
    expect(element.matches(':state(connected)')).to.equal(true);
    expect(shown(element, 'status')!.innerText).to.contain('Google · Full access');
  });

  it('takes the place of no calendar at all too: the next session names the one that connected, and says what ends', async () => {
    const { element, clientId } = await connected('Full access');
    const [first] = await fake.sessions(clientId);
    await reopen(element);
    await click(element, 'radio', 'No calendar access');
    expect(sharing(element)).to.contain(ENDS).and.to.contain('No provider is asked for anything.');
    const next = (await fake.sessions(clientId)).find(({ id }) => id !== first!.id);
    expect(next).to.deep.include({ retry_of: first!.id });
  });

  it('says nothing of a change where another provider is chosen', async () => {
    const { element } = await connected('Full access');
    await reopen(element);
    await click(element, 'radio', 'iCloud');
    await click(element, 'radio', 'Free/busy only');
    expect(sharing(element)).not.to.contain('no longer');
    expect(shown(element, 'sharing')!.closest('form')!.textContent).not.to.contain('Shared now.');
  });

  it('keeps the person whom the partner’s server named', async () => {
    const clientId = await application();
    const { id, session } = await fake.partnerSession(clientId, 'Ada');
    const element = await place(clientId, { session });
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await until(() => shown(element, 'status'));
    await reopen(element);
    const next = await until(async () => (await fake.sessions(clientId)).find((other) => other.id !== id));
    expect(next).to.deep.include({ retry_of: id, end_user: { name: 'Ada' } });
  });

  it('is changed by keyboard alone', async () => {
    const { element, clientId } = await connected('Full access');
    const focused = (): Element | null => element.shadowRoot!.activeElement;
    for (let presses = 0; focused() !== find(element, 'button', 'Change what is shared') && presses < 4; presses += 1) {
      await sendKeys({ press: 'Tab' });
    }
    await sendKeys({ press: 'Enter' });
    await until(() => element.shadowRoot!.querySelector('[part=primary]:not([aria-disabled])'));
    for (let presses = 0; focused() !== find(element, 'radio', 'Full access') && presses < 6; presses += 1)
      await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'ArrowDown' });
    expect(find(element, 'radio', 'Free/busy only')).to.have.property('checked', true);
    await sendKeys({ press: 'Enter' });
    expect(await atProvider(clientId)).to.include({ provider: 'google', access_mode: 'free_busy' });
  });
});
