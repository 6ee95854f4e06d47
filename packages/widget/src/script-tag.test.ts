import { expect } from '@open-wc/testing';
import { BACKEND, application, atProvider, click, collect, connect, fake, find, openDialog, shown, until } from '../test/harness.ts';
import type { CalendarConnect } from './calendar-connect.ts';

// What `build.mjs` made, on pages with a policy: run the build first.

/** Opens a partner's page with a strict policy and `Referrer-Policy: no-referrer`, in a frame. */
async function partnerPage(
  clientId: string,
  query = '',
): Promise<{ element: CalendarConnect; view: Window & typeof globalThis; violations: string[]; close: () => void }> {
  const frame = document.createElement('iframe');
  frame.style.cssText = 'inline-size: 700px; block-size: 600px';
  frame.src = `/fake/page?backend=${encodeURIComponent(BACKEND)}&client_id=${clientId}${query}`;
  document.body.append(frame);
  await new Promise((resolve) => frame.addEventListener('load', resolve));
  const view = frame.contentWindow as Window & typeof globalThis;
  const violations: string[] = [];
  view.document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));
  const element = view.document.querySelector('calendar-connect')!;
  await until(() => element.shadowRoot?.querySelector('button'));
  const opened: Window[] = [];
  const real = view.open;
  view.open = (...args) => {
    const popup = real.apply(view, args);
    if (popup) opened.push(popup);
    return popup;
  };
  const close = (): void => {
    for (const popup of opened) popup.close();
    frame.remove();
  };
  return { element, view, violations, close };
}

describe('the script tag', () => {
  it('connects from a page with a strict policy, Trusted Types and no referrer, whose form still says where it came from', async () => {
    const clientId = await application();
    const { element, violations, close } = await partnerPage(clientId);
    const connected = collect(element, 'calendar-connected');
    await connect(element);
    const { id, started_from } = await atProvider(clientId);
    expect(started_from).to.equal(location.origin);
    await fake.change(id, { state: 'connected' });
    await until(() => connected.length > 0);
    expect(shown(element, 'status')!.textContent).to.contain('ada@example.com').and.to.contain('Google · Full access');
    expect(violations).to.be.empty;
    close();
  });

  it('says what it does in the words of both files, and changes what is connected', async () => {
    const clientId = await application();
    const { element, close } = await partnerPage(clientId);
    const heading = (): string => element.shadowRoot!.querySelector('#heading')!.textContent.trim();
    await openDialog(element);
    expect(heading()).to.equal('Connect your calendar');
    await click(element, 'radio', 'Microsoft 365 or Outlook.com');
    await click(element, 'radio', 'Full access');
    await click(element, 'button', 'Continue');
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await click(element, 'button', 'Change what is shared');
    await until(() => find(element, 'radio', 'No calendar access'));
    expect(heading()).to.equal('Change what is shared');
    expect(shown(element, 'person')!.textContent).to.equal('Connected now: ada@example.com, Microsoft 365 or Outlook.com · Full access');
    await click(element, 'radio', 'Free/busy only');
    expect(shown(element, 'sharing')!.innerText)
      .to.contain('Afterwards Acme Scheduling can no longer')
      .and.to.contain('account.live.com/consent/Manage');
    await click(element, 'radio', 'No calendar access');
    expect(shown(element, 'sharing')!.innerText)
      .to.contain('Acme Scheduling knows only of events that were made with it.')
      .and.to.contain('No provider is asked for anything.');
    close();
  });

  it('goes the whole way from a failure to a connected calendar', async () => {
    const clientId = await application();
    const { element, close } = await partnerPage(clientId);
    const errors = collect(element, 'calendar-connect-error');
    const connected = collect(element, 'calendar-connected');
    await connect(element);
    await fake.change((await atProvider(clientId)).id, { state: 'failed', reason: 'scopes_missing' });
    await until(() => errors.length > 0);
    expect(errors[0]!.code).to.equal('scopes_missing');
    await until(async () => (await fake.sessions(clientId)).some(({ state }) => state === 'created'));
    await click(element, 'button', 'Try again');
    await fake.change((await atProvider(clientId)).id, { state: 'connected' });
    await until(() => connected.length > 0);
    close();
  });

  it('says that the page’s policy forbids the form', async () => {
    const clientId = await application();
    const { element, close } = await partnerPage(clientId, "&form-action='none'");
    const errors = collect(element, 'calendar-connect-error');
    await connect(element);
    await until(() => errors.length > 0);
    expect(errors.map(({ code }) => code)).to.deep.equal(['form_blocked_by_policy']);
    expect(errors[0]!.message).to.contain(new URL(BACKEND).origin);
    close();
  });

  it('registers once, also where the page brings the script twice', async () => {
    const clientId = await application();
    const { element, view, close } = await partnerPage(clientId, '&twice');
    expect(element).to.be.instanceOf(view.customElements.get('calendar-connect'));
    await connect(element);
    await atProvider(clientId);
    close();
  });
});

describe('the built files', () => {
  it('are what the manifest says, byte for byte', async () => {
    const at = async (name: string): Promise<ArrayBuffer> => (await fetch(BACKEND + name)).arrayBuffer();
    const manifest = JSON.parse(new TextDecoder().decode(await at('manifest.json'))) as {
      entry: string;
      files: Record<string, { integrity: string }>;
      hashed: Record<string, string>;
    };
    for (const [name, { integrity }] of Object.entries(manifest.files)) {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-384', await at(name)));
      expect(integrity, name).to.equal(`sha384-${btoa(String.fromCharCode(...digest))}`);
    }
    expect(manifest.files[manifest.hashed[manifest.entry]!]).to.deep.equal(manifest.files[manifest.entry]);
  });
});
