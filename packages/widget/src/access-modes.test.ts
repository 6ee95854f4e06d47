import { expect } from '@open-wc/testing';
import type { CalendarConnect } from './calendar-connect.ts';
import {
  application,
  atProvider,
  click,
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

/** The values of the radios that are marked, and of all that are there. */
const marked = (element: CalendarConnect): string[] =>
  [...element.shadowRoot!.querySelectorAll('input')].filter(({ checked }) => checked).map(({ value }) => value);
const offered = (element: CalendarConnect): string[] =>
  [...element.shadowRoot!.querySelectorAll<HTMLInputElement>('#accessMode input')].map(({ value }) => value);
const sharing = (element: CalendarConnect): string => shown(element, 'sharing')!.innerText.replace(/\s+/g, ' ');

describe('the default mode of an application', () => {
  it('is marked when the dialog opens, with what it shares, and no provider is', async () => {
    const element = await place(await application({ default_access_mode: 'free_busy' }));
    await openDialog(element);
    expect(marked(element)).to.deep.equal(['free_busy']);
    expect(sharing(element)).to.contain('see when you are busy');
    await click(element, 'button', 'Continue');
    expect(element.shadowRoot!.activeElement).to.equal(find(element, 'radio', 'Google'));
  });

  it('gives way to what the person chooses', async () => {
    const clientId = await application({ default_access_mode: 'free_busy' });
    const element = await place(clientId);
    await openDialog(element);
    await click(element, 'radio', 'Full access');
    await click(element, 'radio', 'Google');
    expect(marked(element)).to.deep.equal(['google', 'full']);
    await click(element, 'button', 'Continue');
    expect(await atProvider(clientId)).to.include({ provider: 'google', access_mode: 'full' });
  });

  it('is marked again after a look at a provider that does not have it', async () => {
    const element = await place(await application({ providers: ['google', 'none'], default_access_mode: 'free_busy' }));
    await openDialog(element);
    await click(element, 'radio', 'Another calendar');
    expect(marked(element)).to.deep.equal(['none', 'no_access']);
    await click(element, 'radio', 'Google');
    expect(marked(element)).to.deep.equal(['google', 'free_busy']);
  });

  it('marks nothing where the offer does not have it', async () => {
    const element = await place(await application({ access_modes: ['full', 'free_busy'], default_access_mode: 'no_access' }));
    await openDialog(element);
    expect(marked(element)).to.be.empty;
  });
});

describe('no calendar access', () => {
  it('is a mode of every provider that offers it: what it knows, how the address is proven, and that nobody is asked', async () => {
    const clientId = await application({ providers: ['google', 'microsoft'] });
    const element = await place(clientId);
    await openDialog(element);
    await click(element, 'radio', 'Microsoft 365 or Outlook.com');
    await click(element, 'radio', 'No calendar access');
    expect(sharing(element))
      .to.contain('Acme Scheduling can send you invitations by mail')
      .and.to.contain('Acme Scheduling knows only of events that were made with it.')
      .and.to.contain('A code by mail proves that your address is yours.')
      .and.to.contain('No provider is asked for anything.');
    expect(shown(element, 'scopes')).to.equal(null);
    await click(element, 'button', 'Continue');
    expect(await atProvider(clientId)).to.include({ provider: 'microsoft', access_mode: 'no_access' });
  });

  it('is the only mode of another calendar, marked as soon as that is chosen', async () => {
    const clientId = await application({ providers: ['google', 'none'] });
    const element = await place(clientId);
    await openDialog(element);
    expect(offered(element)).to.deep.equal(['full', 'free_busy', 'no_access']);
    await click(element, 'radio', 'Another calendar');
    expect(offered(element)).to.deep.equal(['no_access']);
    expect(find(element, 'radio', 'No calendar access')).to.have.property('checked', true);
    await click(element, 'button', 'Continue');
    expect(await atProvider(clientId)).to.include({ provider: 'none', access_mode: 'no_access' });
  });

  it('is not there where the application does not offer it', async () => {
    const element = await place(await application({ access_modes: ['full', 'free_busy'] }));
    await openDialog(element);
    expect(find(element, 'radio', 'No calendar access')).to.equal(undefined);
    expect(find(element, 'radio', 'Another calendar')).to.equal(undefined);
  });
});

describe('what a provider asks for', () => {
  const WHY = 'Exchange knows no permission for calendars alone. Only calendars are read and changed.';

  it('has its reason beside it where it is more than is used, once the provider is known', async () => {
    const element = await place(await application({ notes: { full: WHY } }));
    await openDialog(element);
    await click(element, 'radio', 'Full access');
    expect(sharing(element)).not.to.contain(WHY);
    await click(element, 'radio', 'Exchange');
    expect(sharing(element)).to.contain(WHY);
    await click(element, 'radio', 'Free/busy only');
    expect(sharing(element)).not.to.contain(WHY);
  });

  it('is unfolded on request, exactly', async () => {
    const element = await place(await application());
    await openDialog(element);
    await click(element, 'radio', 'Google');
    await click(element, 'radio', 'Full access');
    const scopes = shown(element, 'scopes') as HTMLDetailsElement;
    expect(scopes.open).to.equal(false);
    expect(scopes.querySelector('summary')!.textContent).to.equal('Exactly what Google will be asked for');
    scopes.querySelector('summary')!.click();
    expect([...scopes.querySelectorAll('code')].map(({ textContent }) => textContent)).to.deep.equal([
      'https://www.googleapis.com/auth/calendar.calendarlist.readonly',
      'https://www.googleapis.com/auth/calendar.events',
    ]);
  });

  it('says of full access that it makes video meetings, and of free/busy that invitations come by mail', async () => {
    const element = await place(await application());
    await openDialog(element);
    await click(element, 'radio', 'Full access');
    expect(sharing(element)).to.contain('video meetings').and.not.to.contain('by mail');
    await click(element, 'radio', 'Free/busy only');
    expect(sharing(element)).to.contain('send you invitations by mail').and.not.to.contain('video meetings');
  });
});

it('starts afresh the next time, whatever was looked at before', async () => {
  const clientId = await application({ providers: ['google', 'none'] });
  const element = await place(clientId);
  await openDialog(element);
  await click(element, 'radio', 'Another calendar');
  await click(element, 'button', 'Cancel');
  await openDialog(element);
  expect(marked(element)).to.be.empty;
  await until(async () => (await fake.sessions(clientId)).length === 2);
});
