import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import {
  application,
  atProvider,
  collect,
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

describe('by keyboard alone', () => {
  it('connects a calendar', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const focused = (): Element | null => element.shadowRoot!.activeElement;
    await sendKeys({ press: 'Tab' });
    expect(focused()).to.equal(find(element, 'button', 'Connect your calendar'));
    await sendKeys({ press: 'Enter' });
    await until(() => element.shadowRoot!.querySelector('[part=primary]:not([aria-disabled])'));
    await until(() => find(element, 'radio', 'Google'));
    for (let presses = 0; focused() !== find(element, 'radio', 'Google') && presses < 4; presses += 1) await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Space' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'ArrowDown' });
    expect(find(element, 'radio', 'Free/busy only')).to.have.property('checked', true);
    await sendKeys({ press: 'Enter' });
    const session = await atProvider(clientId);
    expect(session).to.include({ provider: 'google', access_mode: 'free_busy' });
    expect(focused()!.id).to.equal('heading');
    await fake.change(session.id, { state: 'connected' });
    const status = await until(() => shown(element, 'status'));
    await element.updateComplete;
    expect(focused()).to.equal(status);
  });

  it('keeps the focus inside the dialog and gives it back to the button', async () => {
    const element = await place(await application());
    const button = find(element, 'button', 'Connect your calendar')!;
    button.focus();
    const dialog = await openDialog(element);
    expect(dialog.matches(':modal')).to.equal(true);
    expect(dialog.contains(element.shadowRoot!.activeElement)).to.equal(true);
    await sendKeys({ press: 'Escape' });
    await until(() => !dialog.open);
    expect(element.shadowRoot!.activeElement).to.equal(button);
  });

  it('cancels what was started by Escape', async () => {
    const clientId = await application();
    const element = await place(clientId);
    const cancelled = collect(element, 'calendar-connect-cancelled');
    await openDialog(element);
    find(element, 'radio', 'Google')!.click();
    find(element, 'radio', 'Full access')!.click();
    find(element, 'button', 'Continue')!.click();
    await atProvider(clientId);
    for (const popup of windows.opened) popup.close();
    window.focus();
    element.shadowRoot!.querySelector<HTMLElement>('#heading')!.focus();
    await sendKeys({ press: 'Escape' });
    await until(() => cancelled.length > 0);
    await until(async () => (await fake.sessions(clientId))[0]!.state === 'cancelled');
  });

  it('reads out every step', async () => {
    const clientId = await application();
    const element = await place(clientId);
    await openDialog(element);
    const said = (): string => element.shadowRoot!.querySelector('dialog > [role=status]')!.textContent;
    find(element, 'radio', 'Google')!.click();
    find(element, 'radio', 'Full access')!.click();
    find(element, 'button', 'Continue')!.click();
    const { id } = await atProvider(clientId);
    await until(() => said().includes('Go on in the window'));
    await fake.change(id, { state: 'failed', reason: 'scopes_missing' });
    await until(() => said().includes('permission box'));
  });
});
