import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaughtMail } from '@calendar-connect/emulators';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, runCommand } from '../../test/support/command.ts';
import { createMailer } from '../mail/mailer.ts';
import { type EmulatedProviders, startEmulatedProviders } from './emulated-providers.ts';

/** Has Node look for the emulators from a place where nothing is installed, so that it fails as it does there. */
const NOT_INSTALLED = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, specifier === '@calendar-connect/emulators' ? { ...context, parentURL: 'file:///nowhere/main.js' } : context),
  });
`;

it('names the package to install where the emulators are not there', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'calendar-connect-no-emulators-'));
  const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(NOT_INSTALLED)}` };
  const ended = await runCommand(['serve', '--emulators', '--port', String(await freePort())], { cwd, environment });
  rmSync(cwd, { recursive: true });
  expect([ended.code, ended.stdout]).toEqual([2, '']);
  expect(ended.stderr).toBe(
    'calendar-connect: --emulators: expected the package @calendar-connect/emulators, which is not installed: ' +
      'npm install --save-dev @calendar-connect/emulators\nSee calendar-connect --help\n',
  );
});

it('starts every provider there is, each with a client that its pages know', async () => {
  const publicUrl = 'http://connect.localhost:4000';
  const emulated = await startEmulatedProviders(publicUrl, {});
  expect(emulated.notes).toEqual([
    expect.stringMatching(/^Google: emulated at http:\/\/127\.0\.0\.1:\d+ \(full, free_busy\)$/),
    expect.stringMatching(/^Google Meet: emulated at http:\/\/127\.0\.0\.1:\d+ \(meetings\)$/),
    expect.stringMatching(/^Microsoft: emulated at http:\/\/127\.0\.0\.1:\d+ \(full, free_busy\)$/),
    expect.stringMatching(/^Microsoft Teams: emulated at http:\/\/127\.0\.0\.1:\d+ \(meetings\)$/),
    expect.stringMatching(
      /^Exchange: emulated behind the proxy http:\/\/127\.0\.0\.1:\d+ \(full, free_busy\); sign in as nora@corp\.example with ".+"$/,
    ),
    expect.stringMatching(/^Zoom: emulated at http:\/\/127\.0\.0\.1:\d+ \(meetings\)$/),
    expect.stringMatching(/^Webex: emulated at http:\/\/127\.0\.0\.1:\d+ \(meetings\)$/),
    expect.stringMatching(/^GoTo: emulated at http:\/\/127\.0\.0\.1:\d+ \(meetings\)$/),
    expect.stringMatching(/^Mail: caught at http:\/\/localhost:\d+ \(nothing leaves this computer\)$/),
  ]);
  for (const provider of [...emulated.providers, ...emulated.conferencing]) {
    for (const mode of ['full', 'free_busy'] as const) {
      if (provider.modes[mode] === undefined || provider.id === 'exchange') continue;
      const url = (await provider.connect()).authorizationUrl(
        { id: 'pcl_1', ...provider.client },
        {
          redirectUri: `${publicUrl}/connect/callback/${provider.id}`,
          mode,
          state: 'state-1',
          nonce: 'nonce-1',
          codeVerifier: 'verifier-0123456789-verifier-0123456789-012',
          loginHint: undefined,
          interaction: 'choose',
        },
      );
      expect((await fetch(url)).status).toBe(200);
    }
  }
  await emulated.close();
  for (const note of emulated.notes) await expect(fetch(/http:\S+/.exec(note)?.[0] ?? '')).rejects.toThrow('fetch failed');
});

describe('mail', () => {
  let emulated: EmulatedProviders | undefined;
  afterEach(() => emulated?.close());

  const start = async (settings: Parameters<typeof startEmulatedProviders>[1] = {}) => {
    emulated = await startEmulatedProviders('http://connect.localhost:4000', settings);
    return emulated;
  };
  const addressOf = ({ notes }: EmulatedProviders) => /caught at (\S+)/.exec(notes.join())?.[1];
  const mailsAt = async (address: string | undefined, query = ''): Promise<readonly CaughtMail[]> => {
    const answer = await fetch(`${address}/api/messages${query}`);
    return ((await answer.json()) as { messages: readonly CaughtMail[] }).messages;
  };

  it('that the backend sends is caught, from whom the demo is or MAIL_FROM says', async () => {
    const demo = await start();
    if (demo.mail === undefined) throw new Error('no mail is caught');
    expect(demo.mail).toEqual({
      smtpUrl: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
      from: 'Calendar Connect Demo <calendars@demo.example>',
    });
    const mail = { to: 'amira@partner.example', subject: 'Hello', text: 'In text\n', html: '<p>In HTML</p>', item: 'mail 1' };
    expect(await createMailer(demo.mail).send(mail)).toEqual({ outcome: 'sent' });
    expect(await mailsAt(addressOf(demo), '?to=amira%40partner.example')).toMatchObject([
      {
        from: { name: 'Calendar Connect Demo', address: 'calendars@demo.example' },
        subject: 'Hello',
        text: expect.stringMatching(/^In text\s*$/),
      },
    ]);
    await demo.close();
    expect((await start({ mailFrom: 'Acme <calendars@acme.example>' })).mail?.from).toBe('Acme <calendars@acme.example>');
  });

  it('is caught as a library sent it, and as another reads it', async () => {
    const demo = await start();
    const invitation = [
      'BEGIN:VCALENDAR',
      'METHOD:REQUEST',
      'BEGIN:VEVENT',
      'UID:evt-1',
      'SUMMARY:Größe',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ];
    const transport = createTransport(demo.mail?.smtpUrl ?? '');
    const sent = await transport.sendMail({
      from: { name: 'Acme Köln', address: 'calendars@acme.example' },
      replyTo: 'help@acme.example',
      to: ['Amira Haddad <amira@partner.example>', 'otto@partner.example'],
      bcc: 'noor@partner.example',
      subject: 'Board review – changed',
      text: '.begins with a dot\nÜber',
      html: '<p>Über</p>',
      icalEvent: { method: 'REQUEST', content: invitation.join('\r\n') },
    });
    transport.close();
    const [caught] = await mailsAt(addressOf(demo), '?to=noor%40partner.example');
    expect(caught).toMatchObject({
      envelope: { from: 'calendars@acme.example', to: ['amira@partner.example', 'otto@partner.example', 'noor@partner.example'] },
      messageId: sent.messageId,
      calendar: {
        method: 'REQUEST',
        contentTypeMethod: 'REQUEST',
        source: invitation.join('\r\n'),
        events: [{ uid: 'evt-1', summary: 'Größe' }],
      },
    });
    const read = await PostalMime.parse(caught?.source ?? '');
    expect(read).toMatchObject({
      from: { name: 'Acme Köln', address: 'calendars@acme.example' },
      replyTo: [{ address: 'help@acme.example' }],
      subject: 'Board review – changed',
      text: expect.stringMatching(/^\.begins with a dot\nÜber\s*$/),
      html: expect.stringMatching(/^<p>Über<\/p>\s*$/),
    });
    expect(read.attachments).toContainEqual(expect.objectContaining({ mimeType: 'text/calendar', method: 'REQUEST' }));
  });

  it('is not caught where SMTP_URL says that it leaves, and that is said', async () => {
    const settings = { smtpUrl: 'smtp://acme:geheim@mail.example', mailFrom: 'Acme <calendars@acme.example>' };
    const { mail, notes } = await start(settings);
    expect(mail).toBeUndefined();
    expect(notes.filter((note) => note.includes('Mail'))).toEqual([
      'Mail: leaves by SMTP_URL, although the providers are emulated; without SMTP_URL it is caught here',
    ]);
  });
});
