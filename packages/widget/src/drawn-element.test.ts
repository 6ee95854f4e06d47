import { expect } from '@open-wc/testing';
import { application, BACKEND, place } from '../test/harness.ts';
import type { CalendarConnect } from './calendar-connect.ts';

describe('attributes and properties', () => {
  it('are two names of one thing, and only what a page writes as an attribute is one', async () => {
    const element = await place(await application(), { 'access-modes': 'full', 'return-path': '/a' });
    expect([element.accessModes, element.returnPath, element.session]).to.deep.equal(['full', '/a', undefined]);
    element.session = 'secret';
    element.setAttribute('flow', 'popup');
    element.removeAttribute('access-modes');
    await element.updateComplete;
    expect([element.flow, element.accessModes]).to.deep.equal(['popup', null]);
    expect(element.outerHTML).not.to.contain('secret');
  });

  it('are taken over from an element that was there before its class', async () => {
    const element = document.createElement('calendar-later') as unknown as CalendarConnect;
    Object.assign(element, { clientId: await application(), backend: BACKEND });
    document.body.append(element);
    customElements.define('calendar-later', class extends (customElements.get('calendar-connect') as typeof CalendarConnect) {});
    await element.updateComplete;
    expect(Object.keys(element)).to.deep.equal(['renderRoot']);
    expect(element.shadowRoot!.querySelector('[part=button]')).to.exist;
    expect(element.shadowRoot!.querySelector('[part=problem]')).to.equal(null);
    element.remove();
  });

  it('show the theme as an attribute, by which the styles go', async () => {
    const element = await place(await application());
    const colour = (): string => getComputedStyle(element).color;
    const light = colour();
    element.theme = 'dark';
    await element.updateComplete;
    expect(element.getAttribute('theme')).to.equal('dark');
    expect(colour()).not.to.equal(light);
    element.theme = null;
    await element.updateComplete;
    expect(colour()).to.equal(light);
  });

  it('are drawn once per turn, however many change, and not at all out of the document', async () => {
    const element = await place(await application());
    let drawings = 0;
    const observer = new MutationObserver((records) => (drawings += records.length));
    observer.observe(element, { attributes: true, attributeFilter: ['theme'] });
    Object.assign(element, { theme: 'dark', locale: 'de', scope: 'read_write' });
    Object.assign(element, { theme: 'light' });
    await element.updateComplete;
    await Promise.resolve();
    expect([drawings, element.getAttribute('theme')]).to.deep.equal([1, 'light']);
    element.remove();
    element.theme = 'dark';
    await element.updateComplete;
    expect(element.getAttribute('theme')).to.equal('light');
  });
});
